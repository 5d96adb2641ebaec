import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HostDeploymentRecord, OperationRecord, Store } from '#lib/ports/store/index.ts'
import { openTestStore, startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'

let database: TestDatabase
let store: Store
beforeAll(async () => {
  database = await startTestDatabase()
})
beforeEach(async () => {
  ;({ store } = await openTestStore(await database.fresh()))
  await store.saveRelease('r1', { cluster: 'c', namespace: 'dev', name: 'podinfo-dev', environment: 'dev' })
  await store.saveRelease('r2', { cluster: 'c', namespace: 'dev', name: 'other-dev', environment: 'dev' })
  return () => store.close()
})
afterAll(() => database.stop())

const operation = (id: string, createdAt: number, more: Partial<OperationRecord> = {}) =>
  store.createOperation({
    id,
    kind: 'apply',
    release: 'r1',
    actor: 'automation',
    cause: { kind: 'recovery', detail: 'test' },
    reason: 'because',
    state: 'running',
    commit: 'c1',
    createdAt,
    ...more,
  })
const ended = (at: number, revision = 2) => ({ state: 'succeeded', revision, endedAt: at }) as const
const deployment = (id: string, at: number, more: Partial<HostDeploymentRecord> = {}) =>
  store.saveHostDeployment({ operation: id, release: 'r1', environment: 'dev', commit: 'c1', at, ...more })
const ids = async () => (await store.untoldToHost(0)).operations.map((one) => one.operation)

describe('operations of which the host does not know yet', () => {
  it('come oldest first, with what it knows, since a time', async () => {
    await operation('b', 2000)
    await operation('a', 1000, ended(1500))
    await deployment('b', 2500, { deployment: '7' })
    expect((await store.untoldToHost(0)).operations).toEqual([
      expect.objectContaining({ operation: 'a', name: 'podinfo-dev', environment: 'dev', asked: false, revision: 2 }),
      expect.objectContaining({ operation: 'b', asked: true, deployment: '7', told: undefined, state: 'running' }),
    ])
    expect((await store.untoldToHost(1001)).operations.map((one) => one.operation)).toEqual(['b'])
  })

  it('are those whose state is another than what was told', async () => {
    await operation('a', 1000)
    await deployment('a', 1100, { deployment: '7', told: 'in_progress' })
    expect(await ids()).toEqual([])
    await store.updateOperation('a', ended(2000))
    expect(await ids()).toEqual(['a'])
    await deployment('a', 2100, { deployment: '7', told: 'success' })
    expect(await ids()).toEqual([])
  })

  it('are none without a commit, a release, or a revision to come', async () => {
    await operation('no commit', 1000, { commit: undefined })
    await operation('no release', 1000, { release: undefined })
    await operation('a policy', 1000, { kind: 'policy' })
    await operation('waits', 1000, { state: 'committed' })
    await operation('was overtaken', 1000, { state: 'superseded', endedAt: 1500 })
    await operation('no revision', 1000, { state: 'succeeded', endedAt: 1500 })
    expect(await ids()).toEqual([])
  })
})

describe('deployments that something took the place of', () => {
  const replaced = async () => (await store.untoldToHost(0)).replaced.map((one) => one.deployment)

  it('are those before the newest of a release, and not of another', async () => {
    await deployment('a', 1000, { deployment: '1', told: 'success' })
    await deployment('b', 2000, { deployment: '2', told: 'success' })
    await deployment('c', 3000, { deployment: '3', told: 'failure' })
    await deployment('d', 4000, { deployment: '4', told: 'success', release: 'r2' })
    expect(await replaced()).toEqual(['1'])
    await deployment('a', 5000, { deployment: '1', told: 'inactive' })
    expect(await replaced()).toEqual([])
  })

  it('are all of a release that was removed', async () => {
    await deployment('a', 1000, { deployment: '1', told: 'success' })
    await operation('x', 900, { kind: 'deletion', state: 'succeeded', endedAt: 950 })
    expect(await replaced()).toEqual([])
    await operation('y', 1100, { kind: 'deletion', state: 'succeeded', endedAt: 1200 })
    expect(await replaced()).toEqual(['1'])
  })
})

describe('commits about which something is new', () => {
  const commits = async () => (await store.untoldToHost(0)).commits

  it('count the newest operation of each release', async () => {
    await operation('a', 1000, { state: 'failed', endedAt: 1500 })
    await operation('b', 2000, ended(2500))
    await operation('c', 2000, { release: 'r2', state: 'running' })
    const one = { commit: 'c1', environment: 'dev', running: 1, succeeded: 1, failed: 0, superseded: 0 }
    expect(await commits()).toEqual([{ ...one, endedAt: 2500, told: undefined }])
  })

  it('are told of again only when something has ended since', async () => {
    await operation('a', 1000)
    await store.saveHostStatus({ commit: 'c1', environment: 'dev', state: 'pending', at: 1100 })
    expect(await commits()).toEqual([])
    await store.updateOperation('a', ended(2000))
    expect(await commits()).toEqual([expect.objectContaining({ succeeded: 1, endedAt: 2000, told: 'pending' })])
    await store.saveHostStatus({ commit: 'c1', environment: 'dev', state: 'success', at: 2000 })
    expect(await commits()).toEqual([])
  })

  it('are none that nothing ever came of', async () => {
    await operation('a', 1000, { state: 'superseded', endedAt: 1500 })
    expect(await commits()).toEqual([])
  })
})

it('what was told to be over is forgotten after 30 days, what is active is not', async () => {
  const [now, dayMs] = [Date.parse('2026-03-01T12:00:00Z'), 86_400_000]
  const old = now - 31 * dayMs
  await deployment('over', old, { deployment: '1', told: 'failure' })
  await deployment('active', old, { deployment: '2', told: 'success' })
  await deployment('newer', now, { deployment: '3', told: 'success' })
  await operation('over', old, { state: 'failed', endedAt: old })
  expect(await ids()).toEqual([])
  await store.pruneHistory(now)
  // Told anew if it were asked about so long a time.
  expect(await ids()).toEqual(['over'])
  expect((await store.untoldToHost(now)).replaced.map((one) => one.deployment)).toEqual(['2'])
})
