import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'

/** A server that says it runs on this data directory. */
export interface RunningServer {
  pid: number
  port: number
  /** `ready` accepts connections; `stopping` does not any more. */
  state: 'starting' | 'ready' | 'stopping'
}

/** Reads `postmaster.pid`; undefined = no such process lives: the file is missing or left over from a crash. */
export async function findRunningServer(cluster: string): Promise<RunningServer | undefined> {
  let lines: string[]
  try {
    lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')
  } catch {
    return undefined
  }
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0 || !(await isPostgres(pid))) return undefined
  const status = lines[7]?.trim()
  const state = status === 'ready' ? 'ready' : status === 'stopping' ? 'stopping' : 'starting'
  return { pid, port: Number(lines[3] ?? 0), state }
}

/** After a crash of the machine the same pid may belong to anything else. */
async function isPostgres(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    return /^Name:\s+postgres$/m.test(status) && !/^State:\s+Z/m.test(status)
  } catch (error) {
    // Without /proc (macOS) a living pid has to be enough; with it, the process has just ended.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && process.platform !== 'linux'
  }
}

/** Resolves when a query is answered; rejects when `died()` says so or after `timeoutMs`. */
export async function untilAnswering(url: string, died: () => boolean, timeoutMs: number): Promise<void> {
  const end = Date.now() + timeoutMs
  for (;;) {
    if (died()) throw new Error('the server ended while it was starting')
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query('SELECT 1')
      return
    } catch (error) {
      if (Date.now() > end || (error as { code?: string }).code === '28P01') throw error
      await delay(40)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

/** Resolves with true when no server lives on the data directory any more, false after `timeoutMs`. */
export async function untilStopped(cluster: string, timeoutMs: number): Promise<boolean> {
  const end = Date.now() + timeoutMs
  while (await findRunningServer(cluster)) {
    if (Date.now() > end) return false
    await delay(25)
  }
  return true
}
