import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '#lib/config/config.ts'
import { sealingKey } from '#lib/core/credential/index.ts'
import { sealingKeyFact } from '#lib/operations/request/seal-for-worker.ts'
import { openConfigRepository, reachOf } from '#lib/wiring/config-repository.ts'
import { followedRepository } from '#lib/wiring/followed-repository.ts'
import { createRecordingLog } from '#test/fakes/recording-log.ts'
import { startGitHost, type GitHost } from '#test/fixtures/git-http-server.ts'
import { createOrigin, type GitOrigin } from '#test/fixtures/git-origin.ts'
import { startGitHubRepository } from '#test/fixtures/github-repository.ts'
import { administer, startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { call, errorOf, startWebInTest, type WebInTest } from '#test/fixtures/web-in-test.ts'
import * as connection from '../../app/api/v1/repository/connection/route.ts'
import * as repository from '../../app/api/v1/repository/route.ts'

const password = 'canary-9b2e71'
const login = { username: 'wheelhouse', password }
const seed = Buffer.alloc(32, 2)

let database: TestDatabase
let url: string
let web: WebInTest
let origin: GitOrigin
let host: GitHost
let dataDir: string

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

beforeEach(async () => {
  url = await database.fresh()
  web = await startWebInTest(url)
  await web.store.setFact(sealingKeyFact, sealingKey(seed))
  origin = await createOrigin()
  host = await startGitHost(origin.directory)
  host.login = login
  dataDir = await mkdtemp(join(tmpdir(), 'wheelhouse-connection-'))
  return async () => {
    await web.close()
    await host.close()
    await origin.remove()
    await rm(dataDir, { recursive: true, force: true })
  }
})

const as = () => web.tokens.admin
const put = (given: Record<string, unknown>, by = as()) =>
  call(connection.PUT, 'PUT', {
    as: by,
    body: JSON.stringify({ url: `${host.url}/config.git`, branch: 'main', credential: { kind: 'none' }, ...given }),
  })
const connect = () => put({ credential: { kind: 'password', ...login } })
const shown = async () => {
  const text = await (await call(connection.GET, 'GET', { as: as() })).text()
  return { text, view: JSON.parse(text) as { source: string; url?: string; entered?: { credential: unknown } } }
}

/** As a worker opens it that was started with these variables. */
async function opened(env: Record<string, string> = { WHEELHOUSE_INSIDE_HOSTS: '127.0.0.1' }, key: Buffer = seed) {
  const config = readConfig({ WHEELHOUSE_DATA: dataDir, ...env })
  const log = createRecordingLog()
  const followed = await followedRepository(config, web.store, key.toString('base64url'), log)
  if (!followed) throw new Error('nothing is connected')
  const ssh = { identity: () => Promise.resolve({ keys: [], knownHosts: [] }), trusted: () => Promise.resolve() }
  const committer = { name: 'Wheelhouse', email: 'wheelhouse@example.test' }
  return { followed, git: openConfigRepository(followed, { committer, ssh, clock: { now: () => Date.now() }, log }) }
}

async function fetched(env?: Record<string, string>, key?: Buffer) {
  const { git } = await opened(env, key)
  try {
    return await git.fetch()
  } finally {
    await git.close()
  }
}

describe('a repository at GitHub that is connected on a page', () => {
  it.each(['token', 'app'] as const)('is read and written by %s', async (kind) => {
    const github = await startGitHubRepository(kind)
    const head = await github.origin.push({ 'a.yaml': { text: 'a: 1\n' } })
    const credential =
      github.credential.kind === 'token'
        ? { kind: 'github-token', token: github.credential.token }
        : { kind: 'github-app', appId: github.credential.appId, key: github.credential.privateKey }
    expect((await put({ url: github.server.gitUrl, credential })).status).toBe(200)
    const { followed, git } = await opened()
    expect(reachOf(followed)).toMatchObject({ kind: `github-${kind}` })
    expect(await git.fetch()).toMatchObject({ commit: head })
    const author = { name: 'Ada', email: 'ada@example.test' }
    const files = [{ path: 'a.yaml', text: 'a: 2\n' }]
    expect(await git.commit({ parent: head, files, message: 'M', author })).toMatchObject({ kind: 'committed' })
    await git.close()
    await github.stop()
  })

  it('says so where the address is none of GitHub', async () => {
    await put({ url: `${host.url}/config.git`, credential: { kind: 'github-token', token: 'ghp_1' } })
    await expect(fetched()).rejects.toMatchObject({ suggestion: expect.stringContaining('https://host/owner/name') })
    expect(host.requests).toEqual([])
  })
})

describe('a repository connected on a page', () => {
  it('is fetched by the worker with what was entered', async () => {
    const head = await origin.push({ 'a.yaml': { text: 'a: 1\n' } })
    expect((await connect()).status).toBe(200)
    expect(await fetched()).toMatchObject({ commit: head })
    expect(host.authorizations.at(-1)).toBe(`Basic ${Buffer.from(`wheelhouse:${password}`).toString('base64')}`)
  })

  it('is what all pages speak of at once', async () => {
    await connect()
    const answer = await (await call(repository.GET, 'GET', { as: as() })).json()
    expect(answer).toMatchObject({ url: `${host.url}/config.git`, branch: 'main', sync: { state: 'waiting' } })
    await put({ url: `${host.url}/other.git`, branch: 'release' })
    const after = await (await call(repository.GET, 'GET', { as: as() })).json()
    expect(after).toMatchObject({ url: `${host.url}/other.git`, branch: 'release', sync: { state: 'waiting' } })
  })

  it('is only observed at first, and again when it is another one', async () => {
    await connect()
    expect((await opened({ WHEELHOUSE_MODE: 'act', WHEELHOUSE_INSIDE_HOSTS: '127.0.0.1' })).followed.defaultMode).toBe(
      'observe',
    )
    await web.store.setEnvironmentMode('dev', 'act')
    await put({ credential: { kind: 'keep' } })
    expect(await web.store.environmentModes()).toEqual({ dev: 'act' })
    await put({ branch: 'release' })
    expect(await web.store.environmentModes()).toEqual({ dev: 'observe' })
  })

  it('leaves its password in no answer, audit row or column that can be read', async () => {
    const answers = [await (await connect()).text(), (await shown()).text]
    await web.store.chainAudit()
    const audit = JSON.stringify(await web.store.readChain(1, 100))
    expect(audit).toContain('repository.connected')
    const [row] = await administer(url, 'SELECT credential::text AS kept FROM repository_connection')
    for (const text of [...answers, audit, String(row?.['kept'])]) expect(text).not.toContain(password)
    expect((await shown()).text).not.toContain('sealed')
  })

  it('keeps its credential at the same host, and loses it with another one', async () => {
    await connect()
    await put({ url: `${host.url}/moved.git`, credential: { kind: 'keep' } })
    expect((await shown()).view.entered?.credential).toEqual({ kind: 'password', username: 'wheelhouse' })
    expect((await opened()).followed.login).toEqual(login)
    const elsewhere = await startGitHost(origin.directory)
    await put({ url: `${elsewhere.url}/config.git`, credential: { kind: 'keep' } })
    expect((await shown()).view.entered?.credential).toEqual({ kind: 'none' })
    await put({ credential: { kind: 'keep' } })
    expect((await opened()).followed.login).toBeUndefined()
    await elsewhere.close()
  })

  it('cannot be opened by another worker key, nor for another host than it was entered for', async () => {
    await connect()
    await expect(fetched(undefined, Buffer.alloc(32, 3))).rejects.toMatchObject({ code: 'git-refused' })
    await administer(url, `UPDATE repository_connection SET host = 'evil.example.test'`)
    await expect(fetched()).rejects.toMatchObject({
      code: 'git-refused',
      message: 'The credential of the repository cannot be used.',
    })
    expect(host.requests).toEqual([])
  })

  it('inside our own network is not reached unless the installation names it', async () => {
    await connect()
    await expect(fetched({})).rejects.toMatchObject({
      code: 'git-refused',
      suggestion: expect.stringContaining('WHEELHOUSE_INSIDE_HOSTS'),
    })
    await put({ url: 'https://127.0.0.1:9/config.git' })
    await expect(fetched({})).rejects.toMatchObject({ message: '127.0.0.1 is an address of the inside.' })
    await put({ url: 'ssh://git@127.0.0.1:9/config.git' })
    await expect(fetched({})).rejects.toMatchObject({ message: '127.0.0.1 is an address of the inside.' })
    expect(host.requests).toEqual([])
  })

  it('is disconnected, and nothing is followed any more', async () => {
    await connect()
    await web.store.setEnvironmentMode('dev', 'act')
    expect((await call(connection.DELETE, 'DELETE', { as: as() })).status).toBe(200)
    expect((await shown()).view).toMatchObject({ source: 'none' })
    expect(await web.store.environmentModes()).toEqual({ dev: 'observe' })
    await expect(opened()).rejects.toThrow('nothing is connected')
    expect((await call(connection.DELETE, 'DELETE', { as: as() })).status).toBe(404)
  })

  it('does not stand against the environment of the processes', async () => {
    await connect()
    const { followed } = await opened({ WHEELHOUSE_REPOSITORY: origin.bare })
    expect(followed).toMatchObject({ source: 'environment', url: origin.bare })
    await call(connection.DELETE, 'DELETE', { as: as() })
    const told = { repository: origin.bare, branch: 'main', source: 'environment', reach: { kind: 'local' } }
    await web.store.setFact('repository-connection', told)
    const refused = await connect()
    expect([refused.status, (await errorOf(refused)).message]).toEqual([409, expect.stringContaining('environment')])
    expect((await shown()).view).toMatchObject({ source: 'environment', url: origin.bare })
  })

  const rows: [label: string, given: Record<string, unknown>, message: string][] = [
    ['a path of the worker', { url: '/etc' }, 'no address'],
    ['a credential in its address', { url: 'https://me:ghp_1@git.example.test/x.git' }, 'holds a credential'],
    ['a branch that git takes for an option', { branch: '--upload-pack=x' }, 'not the name of a branch'],
    [
      'a token over SSH',
      { url: 'git@github.com:a/b.git', credential: { kind: 'github-token', token: 'x' } },
      'deploy key',
    ],
    ['an App that is none', { credential: { kind: 'github-app', appId: '../x', key: 'k' } }, 'GitHub App'],
    ['no password', { credential: { kind: 'password', username: 'x', password: '' } }, 'password'],
  ]
  it.each(rows)('is refused with %s', async (_label, given, message) => {
    const response = await put(given)
    expect([response.status, (await errorOf(response)).message]).toEqual([400, expect.stringContaining(message)])
    expect(await web.store.getConnection()).toBeUndefined()
  })

  it('is for administrators alone, and waits for a worker to have told its key', async () => {
    expect((await put({}, web.tokens.deployer)).status).toBe(403)
    await web.store.setFact(sealingKeyFact, undefined)
    expect((await connect()).status).toBe(503)
  })
})
