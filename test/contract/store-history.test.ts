import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AttemptRecord, Store } from '#lib/ports/store/index.ts'
import { administer, openTestStore, startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'

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

const now = Date.parse('2026-03-01T12:00:00Z')
const dayMs = 86_400_000
const old = now - 31 * dayMs
const young = now - 29 * dayMs

const actor = { id: 'p1', email: 'ann@example.com', name: 'Ann', roles: {} }
const command = (id: string, createdAt: number) =>
  store.enqueueCommand({ id, name: 'lock-release', input: {}, actor, createdAt })

const attempt = (release: string, place: number, startedAt: number): AttemptRecord => ({
  id: `${release}-${String(place).padStart(3, '0')}`,
  release,
  operation: 'op-1',
  action: 'upgrade',
  inputs: 'x',
  state: 'failed',
  failures: 1,
  epoch: 1,
  intent: 'i',
  startedAt,
})

describe('pruneHistory', () => {
  it('forgets commands that were done long ago, and none that still waits', async () => {
    for (const [id, at] of [
      ['old', old],
      ['young', young],
      ['waiting', old],
    ] as const)
      await command(id, at)
    for (const id of ['old', 'young']) await store.finishCommand(id, { kind: 'done', result: {} })
    await store.pruneHistory(now)
    expect(await store.getCommand('old')).toBeUndefined()
    expect(await store.getCommand('young')).toBeDefined()
    expect(await store.getCommand('waiting')).toBeDefined()
  })

  it('keeps the last 50 attempts of each release, the young and the running', async () => {
    for (let place = 0; place < 60; place += 1) await store.saveAttempt(attempt('r1', place, old + place))
    await store.saveAttempt({ ...attempt('r1', 0, old), state: 'running' })
    for (let place = 0; place < 55; place += 1) await store.saveAttempt(attempt('r2', place, young + place))
    await store.saveAttempt(attempt('r3', 0, old))
    await store.pruneHistory(now)
    const kept = (await store.lastAttempts('r1', 100)).map(({ id }) => id)
    expect(kept).toHaveLength(51)
    expect([kept[0], kept[49], kept[50]]).toEqual(['r1-059', 'r1-010', 'r1-000'])
    expect(await store.lastAttempts('r2', 100)).toHaveLength(55)
    expect(await store.lastAttempts('r3', 100)).toHaveLength(1)
  })

  it('keeps the last 1,000 decisions of each release', async () => {
    await administer(
      url,
      `INSERT INTO decision (release, container, at, policy, kind, reason)
       SELECT release, 'web', now(), 'glob:*', 'stay', place::text
       FROM (VALUES ('r1', 1010), ('r2', 3)) AS given (release, count), generate_series(1, count) AS place`,
    )
    await store.pruneHistory(now)
    const left = await store.listDecisions('r1', 2000)
    expect(left).toHaveLength(1000)
    expect([left[0]?.reason, left.at(-1)?.reason]).toEqual(['1010', '11'])
    expect(await store.listDecisions('r2', 10)).toHaveLength(3)
  })
})
