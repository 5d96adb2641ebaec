import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pushImage } from '#demo/world/push-image.ts'
import { commandSubjects, executeCommands } from '#lib/operations/command/execute-commands.ts'
import { writeCommits } from '#lib/operations/work/write-commits.ts'
import type { CommandRecord } from '#lib/ports/store/index.ts'
import { startRegistryServer, type RegistryServer } from '#test/fakes/registry-server.ts'
import { chartFiles, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let worker: WorkerInTest
let registry: RegistryServer

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const path = 'releases/dev/podinfo.yaml'

beforeEach(async () => {
  registry = await startRegistryServer()
  worker = await startWorkerInTest(await database.fresh())
  await pushImage({ registry: registry.host, repository: 'podinfo', tag: '1.0.0' })
  const text = releaseText({ values: [`image: ${registry.host}/podinfo:0.9.0`] })
  await worker.origin.push({ ...chartFiles, [path]: { text } })
  await worker.fetch()
  return () => Promise.all([worker.close(), registry.close()])
})

const actor = { id: 'p1', email: 'ann@example.test', name: 'Ann', roles: { '*': 'admin' as const } }

async function ask(id: string, name: string, input: Record<string, unknown>) {
  const release = worker.release('podinfo-dev').id
  await worker.store.enqueueCommand({ id, name, input: { release, ...input }, actor, createdAt: worker.clock.now() })
}

/** As the command loop does. */
async function execute() {
  for (const subject of await commandSubjects(worker.deps)) await executeCommands(worker.deps, subject)
}

const state = async (id: string): Promise<CommandRecord['state'] | undefined> =>
  (await worker.store.getCommand(id))?.state

describe('a command whose registry does not answer', () => {
  const wanted = { container: 'chart-image', tag: '1.0.0', message: 'Now' }

  it.each([
    ['is down', 503, 'registry-unreachable'],
    ['limits requests', 429, 'rate-limited'],
    ['refuses', 401, 'registry-unauthorized'],
  ])('because it %s: says so, and the next one is carried out', async (_label, status, code) => {
    registry.fault = () => ({ kind: 'status', status })
    await ask('c1', 'release-tag', wanted)
    await ask('c2', 'lock-release', { message: 'Wait' })
    await execute()
    expect(await state('c1')).toMatchObject({ kind: 'failed', code, message: expect.stringContaining(registry.host) })
    expect(await state('c2')).toMatchObject({ kind: 'done' })
    expect((await worker.store.pendingWrites()).map(({ kind }) => kind)).toEqual(['lock'])
  })
})

describe('a command that cannot be finished', () => {
  it('stays queued, and keeps no other from being carried out', async () => {
    await ask('c1', 'no-such-command', {})
    await ask('c2', 'lock-release', { message: 'Wait' })
    const { store } = worker
    worker.deps.store = {
      ...store,
      finishCommand: (id, result) =>
        id === 'c1' ? Promise.reject(new Error('disk full')) : store.finishCommand(id, result),
    }
    await expect(execute()).rejects.toThrow('disk full')
    expect(await state('c1')).toEqual({ kind: 'queued' })
    expect(await state('c2')).toMatchObject({ kind: 'done' })
    worker.deps.store = store
    await execute()
    expect(await state('c1')).toMatchObject({ kind: 'failed', code: 'invalid' })
  })
})

describe('a command that was carried out by a worker that died before it said so', () => {
  const dying = () => {
    const { store } = worker
    worker.deps.store = { ...store, finishCommand: () => Promise.reject(new Error('killed')) }
    return execute()
  }

  it.each([
    ['a hold', 'lock-release', { message: 'Wait' }],
    ['a tag', 'release-tag', { container: 'chart-image', tag: '1.0.0', message: 'Now' }],
  ])('is not carried out again: %s', async (_label, name, input) => {
    await ask('c1', name, input)
    await expect(dying()).rejects.toThrow('killed')
    await worker.restart()
    await worker.fetch()
    await writeCommits(worker.deps)
    await worker.settle()
    await execute()
    expect(await state('c1')).toMatchObject({ kind: 'done', result: { operation: 'op-c1' } })
    expect(
      (await worker.store.listOperations({ limit: 9 })).filter(({ cause }) => cause.kind === 'person'),
    ).toHaveLength(1)
  })

  it('waits for the repository to be read', async () => {
    await worker.restart()
    await ask('c1', 'lock-release', { message: 'Wait' })
    await expect(execute()).rejects.toThrow('still being read')
    expect(await state('c1')).toEqual({ kind: 'queued' })
    await worker.fetch()
    await execute()
    expect(await state('c1')).toMatchObject({ kind: 'done' })
  })
})

describe('commands of several releases', () => {
  it('wait for none but those of their own', async () => {
    await ask('c1', 'retry-release', {})
    await ask('c2', 'retry-release', { release: 'rel-other' })
    await ask('c3', 'unlock-pending', {})
    const own = worker.release('podinfo-dev').id
    expect(await commandSubjects(worker.deps)).toEqual([own, 'rel-other'])
    await executeCommands(worker.deps, 'rel-other')
    expect([await state('c1'), await state('c3')]).toEqual([{ kind: 'queued' }, { kind: 'queued' }])
    expect(await state('c2')).toMatchObject({ kind: 'failed', code: 'not-found' })
  })
})
