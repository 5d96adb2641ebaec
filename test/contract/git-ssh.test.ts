import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createGitRepository, type GitRepository, type SshAccess } from '#lib/adapters/git/index.ts'
import { deployKeyOf, privateKeyFile, seedBytes } from '#lib/core/ssh/index.ts'
import { createRecordingLog } from '#test/fakes/recording-log.ts'
import { createOrigin, type GitOrigin } from '#test/fixtures/git-origin.ts'
import { startSshHost, type SshHost } from '#test/fixtures/ssh-host.ts'
import { configRepositoryContract } from './config-repository.contract.ts'

const run = promisify(execFile)
const committer = { name: 'Wheelhouse', email: 'wheelhouse@example.test' }

/** A key pair of one test. */
function makeKey() {
  const seed = randomBytes(seedBytes)
  return { ...deployKeyOf(seed), file: privateKeyFile(seed) }
}
type Key = ReturnType<typeof makeKey>

/** What the database keeps for the product. */
class Known implements SshAccess {
  keys: Key[]
  knownHosts: string[] = []
  constructor(keys: Key[]) {
    this.keys = keys
  }
  identity(key?: string) {
    const offered = this.keys.filter(({ fingerprint }) => key === undefined || fingerprint === key)
    return Promise.resolve({ keys: offered.map(({ file }) => file), knownHosts: this.knownHosts })
  }
  trusted(line: string) {
    this.knownHosts.push(line)
    return Promise.resolve()
  }
}

let mirrors = 0
function open(origin: GitOrigin, host: SshHost, ssh: SshAccess): GitRepository {
  const mirrorDir = join(origin.directory, `mirror-${mirrors++}.git`)
  const { branch } = origin
  const rest = { branch, mirrorDir, committer, timeoutMs: 20_000, log: createRecordingLog() }
  return createGitRepository({ url: host.urlOf(origin.bare), ssh, ...rest })
}

configRepositoryContract('a repository over SSH with a deploy key', async () => {
  const [origin, host, key] = [await createOrigin(), await startSshHost(), makeKey()]
  await host.let([key])
  const known = new Known([key])
  return {
    origin,
    open: () => open(origin, host, known),
    async protect() {
      const hook = join(origin.bare, 'hooks', 'pre-receive')
      const words = 'Changes must be made through a pull request.'
      await writeFile(hook, `#!/bin/sh\necho "${words}" >&2\nexit 1\n`, { mode: 0o755 })
    },
    async stop() {
      await host.close()
      await origin.remove()
    },
  }
})

let origin: GitOrigin
let host: SshHost
let key: Key
let known: Known
let repository: GitRepository
let head: string

beforeEach(async () => {
  origin = await createOrigin()
  head = await origin.push({ 'a.yaml': { text: 'a: 1\n' } })
  host = await startSshHost()
  key = makeKey()
  await host.let([key])
  known = new Known([key])
  repository = open(origin, host, known)
})
afterEach(async () => {
  await repository.close()
  await host.close()
  await origin.remove()
})

describe('the key of an SSH host', () => {
  it('is told when it is seen first, and a host with another one is refused with its fingerprint', async () => {
    expect((await repository.fetch())?.commit).toBe(head)
    expect(known.knownHosts).toEqual([host.hostKey])
    await host.changeHostKey()
    host.logins.length = 0
    await expect(repository.fetch()).rejects.toMatchObject({
      code: 'git-refused',
      message: expect.stringContaining(host.fingerprint),
      suggestion: expect.stringContaining('pin the new key'),
    })
    expect(host.logins).toEqual([])
    expect(known.knownHosts).toHaveLength(1)
  })

  it('that was entered beforehand is the only one taken', async () => {
    known.knownHosts = [host.hostKey]
    await host.changeHostKey()
    await expect(repository.fetch()).rejects.toMatchObject({ code: 'git-refused' })
    known.knownHosts = [host.hostKey]
    expect((await repository.fetch())?.commit).toBe(head)
  })

  it('of another host vouches for nobody', async () => {
    known.knownHosts = [host.hostKey.replace(host.name, 'elsewhere.example.test')]
    expect((await repository.fetch())?.commit).toBe(head)
    expect(known.knownHosts).toContain(host.hostKey)
  })

  it('that changed says so also where a commit is refused', async () => {
    await repository.fetch()
    await host.changeHostKey()
    const request = { parent: head, files: [{ path: 'a.yaml', text: 'a: 2\n' }], message: 'M', author: committer }
    const refused = { kind: 'refused', reason: expect.stringContaining('does not prove itself') }
    expect(await repository.commit(request)).toMatchObject(refused)
  })
})

describe('a deploy key', () => {
  it('is a file that OpenSSH reads, with the public half that is shown', async () => {
    const file = join(origin.directory, 'key')
    await writeFile(file, key.file, { mode: 0o600 })
    const { stdout } = await run('ssh-keygen', ['-y', '-f', file])
    expect(stdout.trim()).toBe(key.publicKey)
    expect((await run('ssh-keygen', ['-l', '-f', file])).stdout).toContain(key.fingerprint)
  })

  it('leaves no file behind, whether it is let in or not', async () => {
    await repository.fetch()
    await host.let([])
    await expect(repository.fetch()).rejects.toMatchObject({ code: 'git-refused' })
    const directories = (await readdir(origin.directory)).filter((name) => name.endsWith('.ssh'))
    expect(directories).toHaveLength(1)
    for (const name of directories) {
      const directory = join(origin.directory, name)
      expect(await readdir(directory)).toEqual([])
      expect((await stat(directory)).mode & 0o077).toBe(0)
    }
  })

  it('that is not let in: refused, with where to find it', async () => {
    await host.let([makeKey()])
    const error = await repository.fetch().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'git-refused', suggestion: expect.stringContaining('Settings, Repository') })
    expect(JSON.stringify(error) + String(error)).not.toContain('PRIVATE KEY')
  })

  it('is offered beside another one until that one is let in', async () => {
    const next = makeKey()
    known.keys = [next, key]
    expect((await repository.fetch())?.commit).toBe(head)
    await host.let([key, next])
    expect((await repository.fetch())?.commit).toBe(head)
    expect(host.logins).toEqual([key.fingerprint, next.fingerprint])
  })

  it('can be tried by itself', async () => {
    const [next, reader] = [makeKey(), makeKey()]
    known.keys = [next, reader, key]
    await host.let([key, { ...reader, readOnly: true }])
    const trial = (of: Key) => repository.tryAccess({ write: false, key: of.fingerprint })
    expect(await trial(next)).toMatchObject({ kind: 'none', reason: expect.stringContaining('Permission denied') })
    expect(await trial(reader)).toMatchObject({ kind: 'read', reason: expect.stringContaining('read only') })
    expect(await trial(key)).toEqual({ kind: 'write' })
    expect(host.logins).toEqual([reader, reader, key, key].map(({ fingerprint }) => fingerprint))
  })

  it('of an agent or of the account is never used', async () => {
    known.keys = []
    await expect(repository.fetch()).rejects.toMatchObject({ code: 'git-refused' })
    expect(host.logins).toEqual([])
  })
})
