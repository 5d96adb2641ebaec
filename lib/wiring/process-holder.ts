import { hostname } from 'node:os'
import { childIdentity, isAlive } from '#lib/adapters/helm-cli/index.ts'

let holds = 0

/**
 * This process as the holder of a lease, anew for each hold so that each has its own epoch: `host/pid/start time/n`, enough
 * to prove on the same host that it is gone.
 */
export function processHolder(): string {
  const { host, pid, startTime } = childIdentity(process.pid)
  return `${host}/${pid}/${startTime}/${(holds += 1)}`
}

/** Whether a holder's process is gone for certain; one on another host never is. */
export function isHolderDead(holder: string): boolean {
  const [host = '', pid = '', startTime = ''] = holder.split('/')
  return host === hostname() && isAlive({ host, pid: Number(pid), startTime }) === false
}
