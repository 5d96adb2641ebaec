import { hostname } from 'node:os'
import { childIdentity, isAlive } from '#lib/adapters/helm-cli/index.ts'

/** This process as the holder of a lease: `host/pid/start time`, enough to prove on the same host that it is gone. */
export async function processHolder(): Promise<string> {
  const { host, pid, startTime } = await childIdentity(process.pid)
  return `${host}/${pid}/${startTime}`
}

/** Whether a holder's process is gone for certain; one on another host never is. */
export function isHolderDead(holder: string): boolean {
  const [host = '', pid = '', startTime = ''] = holder.split('/')
  return host === hostname() && isAlive({ host, pid: Number(pid), startTime }) === false
}
