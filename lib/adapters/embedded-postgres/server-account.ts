import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** How to start a program that refuses to run as root. */
export interface Account {
  uid?: number
  gid?: number
  /** Words before the program's own: empty, or a wrapper that keeps just the right to pass directories closed to others. */
  prefix: string[]
}

/**
 * PostgreSQL refuses to run as root; then it runs as the user `postgres`, created if missing.
 * `paths` are what it must reach: below a directory closed to others (such as root's home) it keeps the capability
 * to pass, and only that, by `setpriv`.
 */
export async function serverAccount(paths: string[]): Promise<Account> {
  if (process.getuid?.() !== 0) return { prefix: [] }
  let found = await findUser('postgres')
  if (!found) {
    await run('groupadd', ['--force', '--system', 'postgres'])
    await run('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres'])
    found = await findUser('postgres')
  }
  if (!found) throw new Error('the user postgres could not be created')
  const closed = (await Promise.all(paths.map(isClosed))).includes(true)
  if (!closed) return { ...found, prefix: [] }
  const { uid, gid } = found
  return {
    prefix: [
      'setpriv',
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      '--inh-caps=+dac_read_search',
      '--ambient-caps=+dac_read_search',
      '--',
    ],
  }
}

/** Uid and gid of the account the data directory must belong to; undefined = whoever runs this process. */
export async function serverOwner(): Promise<{ uid: number; gid: number } | undefined> {
  return process.getuid?.() === 0 ? findUser('postgres') : undefined
}

async function findUser(name: string): Promise<{ uid: number; gid: number } | undefined> {
  const users = await readFile('/etc/passwd', 'utf8')
  const line = users.split('\n').find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined
}

/** Whether a directory on the way to `path` cannot be passed by everybody. */
async function isClosed(path: string): Promise<boolean> {
  let directory = dirname(resolve(path))
  while (directory !== dirname(directory)) {
    const { mode } = await stat(directory)
    if ((mode & 0o001) === 0) return true
    directory = dirname(directory)
  }
  return false
}
