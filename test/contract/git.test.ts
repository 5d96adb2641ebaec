import { readFile, writeFile, rm, readdir, truncate, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createGitRepository, type GitRepositoryOptions } from '#lib/adapters/git/index.ts'
import { createRecordingLog } from '#test/fakes/recording-log.ts'
import { createOrigin, type GitOrigin } from '#test/fixtures/git-origin.ts'
import { startGitHost, type GitHost } from '#test/fixtures/git-http-server.ts'
import { configRepositoryContract } from './config-repository.contract.ts'

const committer = { name: 'Wheelhouse', email: 'wheelhouse@example.test' }
let mirrors = 0

function open(origin: GitOrigin, options: Partial<GitRepositoryOptions> = {}) {
  const mirrorDir = join(origin.directory, `mirror-${mirrors++}.git`)
  const rest = { branch: origin.branch, mirrorDir, committer, timeoutMs: 20_000, log: createRecordingLog() }
  return createGitRepository({ url: origin.bare, ...rest, ...options })
}

async function protect(origin: GitOrigin): Promise<void> {
  const hook = join(origin.bare, 'hooks', 'pre-receive')
  await writeFile(hook, '#!/bin/sh\necho "Changes must be made through a pull request." >&2\nexit 1\n', { mode: 0o755 })
}

configRepositoryContract('a local bare repository', async () => {
  const origin = await createOrigin()
  return { origin, open: () => open(origin), protect: () => protect(origin), stop: () => origin.remove() }
})

configRepositoryContract('a repository over smart HTTP with a password', async () => {
  const origin = await createOrigin()
  const host = await startGitHost(origin.directory)
  host.login = { username: 'wheelhouse', password: 'p4ss' }
  return {
    origin,
    open: () => open(origin, { url: `${host.url}/config.git`, identity: host.login }),
    protect: () => protect(origin),
    stop: async () => {
      await host.close()
      await origin.remove()
    },
  }
})

describe('a Git host that misbehaves', () => {
  let origin: GitOrigin
  let host: GitHost
  let head: string

  beforeAll(async () => {
    origin = await createOrigin()
    head = await origin.push({ 'a.yaml': { text: 'a: 1\n' } })
    host = await startGitHost(origin.directory)
  })
  beforeEach(() => {
    host.fault = undefined
    host.login = undefined
  })
  afterAll(async () => {
    await host.close()
    await origin.remove()
  })

  const fetchOnce = async (options: Partial<GitRepositoryOptions> = {}) => {
    const repository = open(origin, { url: `${host.url}/config.git`, ...options })
    try {
      return await repository.fetch()
    } finally {
      await repository.close()
    }
  }

  it.each([
    ['500', 500, 'git-unreachable', true],
    ['503', 503, 'git-unreachable', true],
    ['429', 429, 'git-unreachable', true],
    ['401', 401, 'git-refused', false],
    ['403', 403, 'git-refused', false],
    ['404', 404, 'git-refused', false],
    ['a web page instead of Git', 200, 'git-unreachable', true],
  ])('answers %s', async (_label, status, code, retryable) => {
    host.fault = { kind: 'status', status, body: '<html>' }
    await expect(fetchOnce()).rejects.toMatchObject({ code, retryable })
  })

  it('answers a web page: nothing resolves, and nothing looks empty', async () => {
    host.fault = { kind: 'status', status: 200, body: '' }
    const repository = open(origin, { url: `${host.url}/config.git` })
    await expect(repository.resolve('v1')).rejects.toMatchObject({ code: 'git-unreachable' })
    await expect(repository.fetch()).rejects.toMatchObject({ code: 'git-unreachable' })
    await repository.close()
  })

  it('is given up after the timeout, and its children are gone', async () => {
    host.fault = { kind: 'silence' }
    const repository = open(origin, { url: `${host.url}/config.git`, timeoutMs: 300 })
    // The first fetch of a mirror may take minutes, so the mirror gets its head before.
    host.fault = undefined
    expect((await repository.fetch())?.commit).toBe(head)
    host.fault = { kind: 'silence' }
    await expect(repository.fetch()).rejects.toMatchObject({ code: 'git-unreachable', retryable: true })
    host.fault = undefined
    expect((await repository.fetch())?.commit).toBe(head)
    await repository.close()
  })

  it('keeps the known head while unreachable', async () => {
    const repository = open(origin, { url: `${host.url}/config.git` })
    await repository.fetch()
    host.fault = { kind: 'status', status: 502 }
    await expect(repository.fetch()).rejects.toMatchObject({ code: 'git-unreachable' })
    expect(await repository.head()).toEqual({ commit: head, forced: false })
    expect(await repository.listFiles(head)).toHaveLength(1)
    await repository.close()
  })

  it('turns a push away for the password: refused, not unreachable', async () => {
    const repository = open(origin, { url: `${host.url}/config.git` })
    await repository.fetch()
    host.login = { username: 'x', password: 'y' }
    const request = { parent: head, files: [{ path: 'a.yaml', text: 'a: 2\n' }], message: 'M', author: committer }
    expect(await repository.commit(request)).toMatchObject({ kind: 'refused' })
    host.login = undefined
    host.fault = { kind: 'status', status: 502 }
    await expect(repository.commit(request)).rejects.toMatchObject({ code: 'git-unreachable', retryable: true })
    expect((await repository.head())?.commit).toBe(head)
    await repository.close()
  })

  it('redirects elsewhere: credentials do not follow', async () => {
    const elsewhere = await startGitHost(origin.directory)
    host.fault = { kind: 'redirect', to: elsewhere.url }
    const identity = { username: 'wheelhouse', password: 's3cret-canary' }
    await expect(fetchOnce({ identity })).rejects.toMatchObject({ code: 'git-refused' })
    expect(elsewhere.requests).toEqual([])
    await elsewhere.close()
  })

  it('never shows the password in an error', async () => {
    host.login = { username: 'someone', password: 'else' }
    const url = `${host.url.replace('http://', 'http://wheelhouse:s3cret-canary@')}/config.git`
    const error = await fetchOnce({ url }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'git-refused' })
    expect(JSON.stringify(error) + String(error)).not.toContain('s3cret-canary')
    expect(host.authorizations.at(-1)).toBe(`Basic ${Buffer.from('wheelhouse:s3cret-canary').toString('base64')}`)
  })

  it('is asked twice per fetch of nothing new, and not at all to read', async () => {
    const repository = open(origin, { url: `${host.url}/config.git` })
    await repository.fetch()
    host.requests.length = 0
    await repository.fetch()
    expect(host.requests).toHaveLength(2)
    await repository.listFiles(head)
    await repository.log(undefined, head, 10)
    await repository.resolve('main')
    expect(host.requests).toHaveLength(2)
    await repository.close()
  })
})

describe('a mirror that outlives its process', () => {
  let origin: GitOrigin
  let head: string
  beforeEach(async () => {
    origin = await createOrigin()
    head = await origin.push({ 'a.yaml': { text: 'a: 1\n' } })
    return () => origin.remove()
  })

  it('is opened again with the head it had', async () => {
    const mirrorDir = join(origin.directory, 'again.git')
    const before = open(origin, { mirrorDir })
    await before.fetch()
    await before.close()
    await rm(origin.bare, { recursive: true })
    const after = open(origin, { mirrorDir })
    expect(await after.head()).toEqual({ commit: head, forced: false })
    await expect(after.fetch()).rejects.toMatchObject({ code: 'git-unreachable', retryable: true })
    await after.close()
  })

  it('is the same for a file:// address', async () => {
    const repository = open(origin, { url: `file://${origin.bare}` })
    expect((await repository.fetch())?.commit).toBe(head)
    const request = { parent: head, files: [{ path: 'a.yaml', text: 'a: 2\n' }], message: 'M', author: committer }
    expect(await repository.commit(request)).toMatchObject({ kind: 'committed' })
    expect(await repository.head()).toEqual({ commit: await origin.head(), forced: false })
    await repository.close()
  })

  it('gets past the lock of a killed child', async () => {
    const mirrorDir = join(origin.directory, 'locked.git')
    const repository = open(origin, { mirrorDir })
    await repository.fetch()
    const next = await origin.push({ 'a.yaml': { text: 'a: 2\n' } })
    const lock = join(mirrorDir, 'refs/remotes/origin/main.lock')
    await writeFile(lock, '')
    await utimes(lock, 0, 0)
    expect((await repository.fetch())?.commit).toBe(next)
    await repository.close()
  })

  it('is made anew when its objects are damaged', async () => {
    const mirrorDir = join(origin.directory, 'damaged.git')
    const repository = open(origin, { mirrorDir })
    await repository.fetch()
    await repository.close()
    for (const file of await readdir(join(mirrorDir, 'objects'), { recursive: true })) {
      if (/^[0-9a-f]{2}.[0-9a-f]{38}$/.test(file)) {
        await rm(join(mirrorDir, 'objects', file))
        await writeFile(join(mirrorDir, 'objects', file), '')
        await truncate(join(mirrorDir, 'objects', file), 0)
      }
    }
    const after = open(origin, { mirrorDir })
    const next = await origin.push({ 'a.yaml': { text: 'a: 2\n' } })
    expect((await after.fetch())?.commit).toBe(next)
    expect(await after.listFiles(next)).toHaveLength(1)
    await after.close()
  })

  it('sees a foreign repository at the same address as forced', async () => {
    const other = await createOrigin()
    const foreign = await other.push({ 'b.yaml': { text: 'b: 1\n' } })
    const mirrorDir = join(origin.directory, 'moved.git')
    const before = open(origin, { mirrorDir })
    await before.fetch()
    await before.close()
    const after = open(origin, { mirrorDir, url: other.bare })
    expect(await after.fetch()).toEqual({ commit: foreign, forced: true })
    await after.close()
    await other.remove()
  })

  it('keeps no credentials on disk', async () => {
    const mirrorDir = join(origin.directory, 'clean.git')
    const repository = open(origin, { mirrorDir, url: 'http://u:s3cret-canary@127.0.0.1:9/x.git', timeoutMs: 5000 })
    await expect(repository.fetch()).rejects.toMatchObject({ code: 'git-unreachable' })
    await repository.close()
    expect(await readFile(join(mirrorDir, 'config'), 'utf8')).not.toContain('s3cret-canary')
  })
})
