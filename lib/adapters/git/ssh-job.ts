import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What proves us at a host by SSH, and the host to us. */
export interface SshIdentity {
  /** Private keys in OpenSSH's format, offered in this order. */
  keys: readonly string[]
  /** Lines of known_hosts. Where one is of the host, no other key of it is taken; else the first one seen is. */
  knownHosts: readonly string[]
}

export interface SshAccess {
  /** Asked before every command that reaches the remote. `key` = with this deploy key alone. */
  identity(key?: string): Promise<SshIdentity>
  /** Told of the key of a host that was seen for the first time, as a line of known_hosts. Throws nothing. */
  trusted(line: string): Promise<void>
}

/** Files of one command. */
export interface SshJob {
  keyFiles: readonly string[]
  knownHostsFile: string
  /** The host is known: its key must be the one that is. */
  strict: boolean
  /** Removes the files, and tells of a host that was new. Throws nothing. */
  end(): Promise<void>
}

/** Beside the mirror, which may be made anew at any time. */
const rootOf = (mirrorDir: string): string => `${mirrorDir}.ssh`

/** Writes keys and known hosts below a random directory that only we can read. `host`: as known_hosts names it. */
export async function openSshJob(mirrorDir: string, access: SshAccess, host: string, key?: string): Promise<SshJob> {
  const { keys, knownHosts } = await access.identity(key)
  const root = rootOf(mirrorDir)
  await mkdir(root, { recursive: true, mode: 0o700 })
  const directory = await mkdtemp(join(root, 'job-'))
  await chmod(directory, 0o700)
  const knownHostsFile = join(directory, 'known_hosts')
  const known = knownHosts.filter((line) => line.startsWith(`${host} `))
  await writeFile(knownHostsFile, known.map((line) => `${line}\n`).join(''), { mode: 0o600 })
  const keyFiles = keys.map((_, index) => join(directory, `key-${index}`))
  for (const [index, file] of keyFiles.entries()) await writeFile(file, keys[index] ?? '', { mode: 0o600 })
  const strict = known.length > 0
  return {
    keyFiles,
    knownHostsFile,
    strict,
    async end() {
      const seen = strict ? '' : await readFile(knownHostsFile, 'utf8').catch(() => '')
      await rm(directory, { recursive: true, force: true }).catch(() => undefined)
      for (const line of seen.split('\n')) if (line.startsWith(`${host} `)) await access.trusted(line)
    },
  }
}

/** Whatever a process that was killed has left there. */
export async function removeLeftJobs(mirrorDir: string): Promise<void> {
  await rm(rootOf(mirrorDir), { recursive: true, force: true })
}
