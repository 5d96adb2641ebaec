import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AttemptRecord, DeletionRecord, InventoryRecord, NewAudit } from '#lib/ports/store/index.ts'
import type { OperationRecord, SnapshotRecord, Store, WriteRequest } from '#lib/ports/store/index.ts'
import { openTestStore, startTestDatabase } from '#test/fixtures/test-database.ts'
import type { TestDatabase } from '#test/fixtures/test-database.ts'

let database: TestDatabase
let store: Store
let url: string
beforeAll(async () => {
  database = await startTestDatabase()
})
beforeEach(async () => {
  url = await database.fresh()
  ;({ store } = await openTestStore(url))
  return () => store.close()
})
afterAll(() => database.stop())

const operation = (id: string, more: Partial<OperationRecord> = {}): OperationRecord => ({
  id,
  kind: 'image',
  release: 'r1',
  actor: 'automation',
  cause: { kind: 'tag', repository: 'app', tag: 'dev-b' },
  reason: 'dev-b is newer.',
  state: 'decided',
  createdAt: 1000,
  ...more,
})
const request = (id: string, more: Partial<WriteRequest> = {}): WriteRequest => ({
  id,
  operation: `op-${id}`,
  target: { id: 'dev:helmrelease/app', path: 'releases/dev/app.yaml' },
  changes: [{ kind: 'image', container: 'chart-image', tag: 'dev-b' }],
  kind: 'auto-release',
  cause: 'tag app:dev-b',
  actor: { name: 'Wheelhouse', email: 'wheelhouse@example.com' },
  expects: { 'chart-image': 'app:dev-a' },
  createdAt: 1000,
  ...more,
})
const intent = (id: string): NewAudit => ({
  at: 1000,
  kind: 'commit.intent',
  actor: 'automation',
  subject: 'r1',
  intent: id,
  data: {},
})

describe('operations', () => {
  it.each<[string, OperationRecord['state'][], OperationRecord['state']]>([
    ['go forward', ['committed', 'running', 'succeeded'], 'succeeded'],
    ['do not go back', ['running', 'committed'], 'running'],
    ['stay finished', ['failed', 'running', 'succeeded'], 'failed'],
    ['may be refused at once', ['refused', 'committed'], 'refused'],
  ])('%s', async (_label, states, end) => {
    await store.createOperation(operation('op-1'))
    for (const state of states) await store.updateOperation('op-1', { state })
    expect((await store.getOperation('op-1'))?.state).toBe(end)
  })

  it('keep what a patch leaves out, and everything once finished', async () => {
    await store.createOperation(operation('op-1'))
    await store.updateOperation('op-1', { state: 'committed', commit: 'c1' })
    await store.updateOperation('op-1', { state: 'succeeded', revision: 4, endedAt: 2000 })
    await store.updateOperation('op-1', { revision: 9, reason: 'changed' })
    const end = operation('op-1', { state: 'succeeded', commit: 'c1', revision: 4, endedAt: 2000 })
    expect(await store.getOperation('op-1')).toEqual(end)
    expect(await store.getOperation('op-2')).toBeUndefined()
  })

  it('are listed newest first by release, state and time', async () => {
    await store.createOperation(operation('op-1'))
    await store.createOperation(operation('op-2', { createdAt: 2000, release: 'r2', state: 'running' }))
    await store.createOperation(operation('op-3', { createdAt: 3000, state: 'running' }))
    const ids = async (filter: Parameters<Store['listOperations']>[0]) =>
      (await store.listOperations(filter)).map((item) => item.id)
    expect(await ids({ limit: 10 })).toEqual(['op-3', 'op-2', 'op-1'])
    expect(await ids({ release: 'r1', limit: 10 })).toEqual(['op-3', 'op-1'])
    expect(await ids({ states: ['running'], since: 2500, limit: 10 })).toEqual(['op-3'])
    expect(await ids({ limit: 1 })).toEqual(['op-3'])
  })
})

describe('attempts', () => {
  const attempt = (id: string, more: Partial<AttemptRecord> = {}): AttemptRecord => ({
    id,
    release: 'r1',
    operation: 'op-1',
    action: 'upgrade',
    inputs: 'abc',
    state: 'running',
    failures: 0,
    epoch: 3,
    process: { host: 'h', pid: 5, startTime: '77' },
    intent: 'i1',
    startedAt: 1000,
    ...more,
  })

  it('are listed by release, newest first, and running ones over all', async () => {
    await store.saveAttempt(attempt('a1'))
    await store.saveAttempt(attempt('a2', { startedAt: 2000 }))
    await store.saveAttempt(attempt('a3', { release: 'r2' }))
    const done = attempt('a1', { state: 'failed', failures: 1, message: 'No.', revision: 2, endedAt: 1500 })
    await store.saveAttempt(done)
    expect(await store.lastAttempts('r1', 10)).toEqual([attempt('a2', { startedAt: 2000 }), done])
    expect(await store.lastAttempts('r1', 1)).toHaveLength(1)
    expect((await store.runningAttempts()).map((item) => item.id).sort()).toEqual(['a2', 'a3'])
  })

  it('tells the newest deployment of each release, whatever was done to it since', async () => {
    await store.saveAttempt(attempt('a1', { release: 'r1', startedAt: 1000 }))
    const newest = attempt('a2', { release: 'r1', startedAt: 2000, process: { host: 'h', pid: 1, startTime: '2' } })
    await store.saveAttempt(newest)
    await store.saveAttempt(attempt('a3', { release: 'r1', startedAt: 3000, action: 'unlock' }))
    const other = attempt('a4', { release: 'r2', startedAt: 500, action: 'install', state: 'dead', endedAt: 600 })
    await store.saveAttempt(other)
    expect(await store.newestDeployments()).toEqual([newest, other])
  })
})

describe('enqueueWrite', () => {
  it('creates request, operation and audit together, oldest first', async () => {
    const second = request('w2', { target: { id: 'x', path: 'y' }, message: 'why' })
    expect(await store.enqueueWrite(request('w1'), operation('op-w1'), [intent('i1')])).toBe(true)
    expect(await store.enqueueWrite(second, operation('op-w2'), [])).toBe(true)
    expect(await store.pendingWrites()).toEqual([request('w1'), second])
    expect(await store.getOperation('op-w1')).toEqual(operation('op-w1'))
    expect(await store.openIntents()).toEqual([intent('i1')])
  })

  it('creates nothing when the same change of the same document waits already', async () => {
    await store.enqueueWrite(request('w1'), operation('op-w1'), [])
    expect(await store.enqueueWrite(request('w2'), operation('op-w2'), [intent('i2')])).toBe(false)
    expect(await store.getOperation('op-w2')).toBeUndefined()
    expect(await store.openIntents()).toEqual([])
    await store.removeWrites(['w1'])
    expect(await store.enqueueWrite(request('w3'), operation('op-w3'), [])).toBe(true)
  })

  it('lets one of many through that come at once', async () => {
    const tries = ['a', 'b', 'c', 'd', 'e'].map((id) => store.enqueueWrite(request(id), operation(`op-${id}`), []))
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1)
    expect(await store.pendingWrites()).toHaveLength(1)
    expect(await store.listOperations({ limit: 10 })).toHaveLength(1)
  })

  it('leaves nothing behind when the operation exists already', async () => {
    await store.createOperation(operation('op-w1'))
    await expect(store.enqueueWrite(request('w1'), operation('op-w1'), [])).rejects.toThrow(/Unique constraint/)
    expect(await store.pendingWrites()).toEqual([])
  })
})

describe('transaction', () => {
  it('keeps all or nothing, nested calls included', async () => {
    const broken = store.transaction(async (outer) => {
      await outer.saveRelease('r1', { name: 'a' })
      await outer.transaction(async (inner) => inner.createOperation(operation('op-1')))
      throw new Error('stop')
    })
    await expect(broken).rejects.toThrow('stop')
    expect(await store.getRelease('r1')).toBeUndefined()
    expect(await store.getOperation('op-1')).toBeUndefined()
    const value = await store.transaction(async (tx) => {
      await tx.saveRelease('r1', { name: 'a' })
      await tx.enqueueWrite(request('w1'), operation('op-w1'), [intent('i1')])
      return 7
    })
    expect(value).toBe(7)
    expect(await store.pendingWrites()).toHaveLength(1)
  })
})

describe('deletions', () => {
  const deletion: DeletionRecord = {
    id: 'd1',
    object: 'dev:helmrelease/app',
    kind: 'HelmRelease',
    environment: 'dev',
    path: 'releases/dev/app.yaml',
    commit: 'c1',
    guard: 'StatefulSet',
    state: 'waiting',
    createdAt: 1000,
  }
  it('are kept with who decided, and listed by state', async () => {
    await store.saveDeletion(deletion)
    await store.saveDeletion({ ...deletion, id: 'd2', createdAt: 2000 })
    const decided: DeletionRecord = { ...deletion, state: 'consented', decidedBy: 'ann', decidedAt: 1500, uid: 'u' }
    await store.saveDeletion(decided)
    expect(await store.getDeletion('d1')).toEqual(decided)
    expect(await store.listDeletions(['waiting', 'done'])).toEqual([{ ...deletion, id: 'd2', createdAt: 2000 }])
    expect((await store.listDeletions(['waiting', 'consented'])).map((item) => item.id)).toEqual(['d2', 'd1'])
    expect(await store.getDeletion('d3')).toBeUndefined()
  })
})

const snapshot = (commit: string, fetchedAt: number): SnapshotRecord => ({
  repository: 'config',
  commit,
  authorName: 'Ann',
  subject: 'Update',
  committedAt: 10,
  fetchedAt,
  documents: 4,
  releases: 3,
  problems: [{ code: 'x', severity: 'error', message: 'm' }],
  unsupported: [],
})
const record = (object: string, digest: string): InventoryRecord => ({
  cluster: 'main',
  object,
  source: 's1',
  apiVersion: 'v1',
  kind: 'Namespace',
  path: 'namespaces/dev.yaml',
  commit: 'c1',
  digest,
  uid: 'u1',
  appliedAt: 1234,
})

describe('snapshots and inventory', () => {
  it('the latest snapshot is the one fetched last', async () => {
    await store.saveSnapshot(snapshot('c1', 1000))
    await store.saveSnapshot({ ...snapshot('c2', 2000), parent: 'c1' })
    expect(await store.latestSnapshot('config')).toEqual({ ...snapshot('c2', 2000), parent: 'c1' })
    await store.saveSnapshot(snapshot('c1', 3000))
    expect(await store.latestSnapshot('config')).toEqual(snapshot('c1', 3000))
    expect((await store.listSnapshots('config', 5)).map((item) => item.commit)).toEqual(['c1', 'c2'])
    expect(await store.latestSnapshot('other')).toBeUndefined()
  })

  it('inventory is kept by cluster and object', async () => {
    const problem = { code: 'x', severity: 'error' as const, message: 'm' }
    await store.saveInventory([record('a', '1'), record('b', '1')])
    await store.saveInventory([{ ...record('b', '2'), problem }])
    expect(await store.listInventory('main')).toEqual([record('a', '1'), { ...record('b', '2'), problem }])
    await store.saveInventory([record('b', '2')])
    await store.removeInventory('main', ['a', 'unknown'])
    expect(await store.listInventory('main')).toEqual([record('b', '2')])
    expect(await store.listInventory('other')).toEqual([])
    await store.saveInventory([{ ...record('b', '2'), source: 's2' }])
    expect(await store.listInventory('main')).toEqual([{ ...record('b', '2'), source: 's2' }])
  })
})
