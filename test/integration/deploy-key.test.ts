import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createGitRepository } from '#lib/adapters/git/index.ts'
import { ensureDeployKey, rotateDeployKey, settleDeployKeys } from '#lib/operations/work/deploy-keys.ts'
import { freshId } from '#lib/wiring/secrets.ts'
import { sshAccess } from '#lib/wiring/ssh-access.ts'
import { createRecordingLog } from '#test/fakes/recording-log.ts'
import { createOrigin, type GitOrigin } from '#test/fixtures/git-origin.ts'
import { startSshHost, type SshHost } from '#test/fixtures/ssh-host.ts'
import { administer, openTestStore, startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { call, errorOf, startWebInTest, type WebInTest } from '#test/fixtures/web-in-test.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'
import { executeCommands } from '#lib/operations/command/execute-commands.ts'
import * as deployKeys from '../../app/api/v1/repository/deploy-keys/route.ts'
import * as rotation from '../../app/api/v1/repository/deploy-keys/rotate/route.ts'
import * as hostKeys from '../../app/api/v1/repository/host-keys/route.ts'
import * as hostKey from '../../app/api/v1/repository/host-keys/[id]/route.ts'

let database: TestDatabase
let url: string
let host: SshHost
let worker: WorkerInTest
let web: WebInTest

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

beforeEach(async () => {
  url = await database.fresh()
  host = await startSshHost()
  const { store } = await openTestStore(url)
  const origin = await createOrigin()
  worker = await startWorkerInTest(url, { origin, open: () => openOverSsh(origin, store) })
  worker.deps.settings.reach = { kind: 'deploy-key', host: host.name }
  web = await startWebInTest(url)
  await origin.push({ 'releases/dev/app.yaml': { text: 'kind: Nothing\n' } })
  await ensureDeployKey(worker.deps)
  return async () => {
    await web.close()
    await worker.close()
    await store.close()
    await host.close()
  }
})

function openOverSsh(origin: GitOrigin, store: WorkerInTest['store']) {
  const log = createRecordingLog()
  const seed = Buffer.alloc(32, 2).toString('base64url')
  const ssh = sshAccess({ store, clock: { now: () => Date.now() }, log, newId: freshId }, seed)
  const mirrorDir = `${origin.directory}/mirror.git`
  const committer = { name: 'Wheelhouse', email: 'wheelhouse@example.test' }
  const url = host.urlOf(origin.bare)
  return createGitRepository({ url, branch: origin.branch, mirrorDir, committer, ssh, timeoutMs: 20_000, log })
}

const settle = () => settleDeployKeys(worker.deps)
const keys = () => worker.store.listDeployKeys()
const trail = async () => {
  await worker.store.chainAudit()
  return (await worker.store.readChain(1, 500)).map(({ kind }) => kind).filter((kind) => /-key\./.test(kind))
}

describe('the deploy key', () => {
  it('is made once, and is found again after a restart', async () => {
    const [first] = await keys()
    await ensureDeployKey(worker.deps)
    expect(await keys()).toEqual([first])
    expect(first).toMatchObject({ createdBy: 'wheelhouse', publicKey: expect.stringMatching(/^ssh-ed25519 /) })
    await host.let([first!])
    await worker.fetch()
    await worker.restart()
    await worker.fetch()
    expect(new Set(host.logins)).toEqual(new Set([first!.fingerprint]))
  })

  it('pins the host it met first', async () => {
    await host.let(await keys())
    await worker.fetch()
    expect(await worker.store.listHostKeys()).toMatchObject([
      { host: host.name, fingerprint: host.fingerprint, pinnedBy: undefined },
    ])
    expect(await trail()).toEqual(['deploy-key.created', 'host-key.pinned'])
  })

  it('is rotated without a moment in which nothing is let in', async () => {
    const [first] = await keys()
    await host.let([first!])
    await worker.fetch()
    expect(await settle()).toMatchObject({ kind: 'let-in', dropped: undefined })
    const next = await rotateDeployKey(worker.deps, 'ada@example.test')
    await worker.fetch()
    expect(await settle()).toMatchObject({ kind: 'waits', reason: expect.stringContaining('Permission denied') })
    expect(await keys()).toHaveLength(2)
    await host.let([first!, { ...next, readOnly: true }])
    expect(await settle()).toMatchObject({ kind: 'waits', reason: expect.stringContaining('may read, and not write') })
    await worker.fetch()
    await host.let([first!, next])
    expect(await settle()).toMatchObject({ kind: 'let-in', dropped: { id: first!.id } })
    expect(await keys()).toMatchObject([{ id: next.id, authenticatedAt: expect.any(Number) }])
    await host.let([next])
    await worker.fetch()
    expect(host.logins.at(-1)).toBe(next.fingerprint)
    const wanted = ['created', 'let-in', 'created', 'let-in', 'dropped'].map((what) => `deploy-key.${what}`)
    expect((await trail()).filter((kind) => kind.startsWith('deploy-key'))).toEqual(wanted)
  })

  it('that was to follow makes room for another one, and the one in use stays', async () => {
    const [first] = await keys()
    const lost = await rotateDeployKey(worker.deps, 'ada@example.test')
    const next = await rotateDeployKey(worker.deps, 'ada@example.test')
    expect((await keys()).map(({ id }) => id)).toEqual([first!.id, next.id])
    expect(await trail()).toContain('deploy-key.withdrawn')
    await host.let([lost])
    await expect(worker.fetch()).rejects.toMatchObject({ code: 'git-refused' })
  })

  it('that the repository is not reached by is replaced at once', async () => {
    worker.deps.settings.reach = { kind: 'anonymous', host: 'git.example.test' }
    const next = await rotateDeployKey(worker.deps, 'ada@example.test')
    expect((await keys()).map(({ id }) => id)).toEqual([next.id])
  })

  it('cannot be used with another key of the worker, nor in the place of another one', async () => {
    const [first] = await keys()
    await host.let([first!])
    await administer(url, `UPDATE deploy_key SET id = 'dky-other'`)
    await expect(worker.fetch()).rejects.toMatchObject({
      code: 'invalid',
      suggestion: expect.stringContaining('rotate the deploy key'),
    })
    expect(host.logins).toEqual([])
  })
})

const asAdmin = () => ({ as: web.tokens.admin })
const shown = async () => (await call(deployKeys.GET, 'GET', asAdmin())).text()

describe('the pages of the deploy key', () => {
  it('show the public half, and have the worker make the next one', async () => {
    const [first] = await keys()
    const answer = call(rotation.POST, 'POST', asAdmin())
    await expect.poll(() => worker.store.queuedCommands()).toHaveLength(1)
    await executeCommands(worker.deps, 'rotate-deploy-key')
    expect(await (await answer).json()).toMatchObject({ kind: 'done', message: expect.stringContaining('SHA256:') })
    const { items } = JSON.parse(await shown()) as { items: unknown[] }
    expect(items).toMatchObject([
      { id: first!.id, publicKey: first!.publicKey, use: 'current' },
      { use: 'next', createdBy: expect.stringContaining('@example.com') },
    ])
  })

  it('hold nothing of the private half, and are for administrators alone', async () => {
    const [first] = await keys()
    const text = await shown()
    expect(text).not.toContain('sealed')
    expect(text).not.toContain(first!.sealed)
    const { deployer } = web.tokens
    expect((await call(deployKeys.GET, 'GET', { as: deployer })).status).toBe(403)
    expect((await call(rotation.POST, 'POST', { as: deployer })).status).toBe(403)
  })
})

describe('the keys of hosts on the pages', () => {
  const pin = (line: string) => call(hostKeys.POST, 'POST', { ...asAdmin(), body: JSON.stringify({ line }) })
  const forget = (id: string) => call(hostKey.DELETE, 'DELETE', { ...asAdmin(), params: { id } })

  it('let a host in again that changed its key, once somebody says so', async () => {
    await host.let(await keys())
    await worker.fetch()
    await host.changeHostKey()
    await expect(worker.fetch()).rejects.toMatchObject({ code: 'git-refused' })
    expect((await pin(host.hostKey)).status).toBe(200)
    await worker.fetch()
    expect(await worker.store.listHostKeys()).toMatchObject([{ fingerprint: host.fingerprint }])
    await host.changeHostKey()
    const [known] = await worker.store.listHostKeys()
    expect((await forget(known!.id)).status).toBe(200)
    await worker.fetch()
    expect(await worker.store.listHostKeys()).toMatchObject([{ fingerprint: host.fingerprint, pinnedBy: undefined }])
  })

  it('are refused where they are none', async () => {
    const response = await pin('github.com ssh-ed25519 AAAA')
    expect([response.status, await errorOf(response)]).toMatchObject([
      400,
      { suggestion: expect.stringContaining('ssh-keyscan') },
    ])
    expect((await forget('hky-none')).status).toBe(404)
  })
})
