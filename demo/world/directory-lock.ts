import { randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

interface Holder {
  pid: number
  startTime: string
}

/** A lock that a dead process does not hold: the file names the pid and the start time of its owner. */
export class DirectoryLock {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /** Takes the lock, or says who holds it. */
  static async take(directory: string, name: string): Promise<DirectoryLock | { heldBy: number }> {
    const path = join(directory, `${name}.lock`)
    const own = `${path}.${randomBytes(4).toString('hex')}`
    const self: Holder = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' }
    await writeFile(own, JSON.stringify(self))
    try {
      for (;;) {
        try {
          // link() refuses an existing name: the only atomic "create with this content" there is.
          await link(own, path)
          return new DirectoryLock(path)
        } catch (cause) {
          if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
        }
        const holder = await read(path)
        if (holder && isAlive(holder)) return { heldBy: holder.pid }
        const stale = `${own}.stale`
        await rename(path, stale).catch(() => undefined)
        await rm(stale, { force: true })
      }
    } finally {
      await rm(own, { force: true })
    }
  }

  /** Takes the lock, waiting for whoever holds it; `onWait` is called once if that is needed. */
  static async wait(directory: string, name: string, onWait: () => void): Promise<DirectoryLock> {
    for (let isFirst = true; ; isFirst = false) {
      const lock = await DirectoryLock.take(directory, name)
      if (lock instanceof DirectoryLock) return lock
      if (isFirst) onWait()
      await delay(250)
    }
  }

  async release(): Promise<void> {
    await rm(this.#path, { force: true })
  }
}

async function read(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

function isAlive(holder: Holder): boolean {
  const startTime = startTimeOf(holder.pid)
  return startTime !== undefined && (holder.startTime === '' || startTime === '' || startTime === holder.startTime)
}

/** Start time in clock ticks since boot; '' where /proc is absent; undefined when no such process runs. */
function startTimeOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return undefined
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets and may itself hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : (fields[19] ?? '')
  } catch {
    return ''
  }
}
