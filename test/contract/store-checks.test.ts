import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CheckRecord, Store } from '#lib/ports/store/index.ts'
import { openTestStore, startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'

let database: TestDatabase
let store: Store
beforeAll(async () => {
  database = await startTestDatabase()
  ;({ store } = await openTestStore(database.url))
})
afterAll(async () => {
  await store.close()
  await database.stop()
})

const check = (more: Partial<CheckRecord> = {}): CheckRecord => ({
  promotion: 'pr-1',
  name: 'ci/e2e',
  origin: 'told',
  planDigest: 'plan-1',
  state: 'pending',
  at: 1000,
  ...more,
})

it('a newer word about a check takes the place of the one before, of the same origin and plan alone', async () => {
  const others = [
    check({ planDigest: 'plan-0', state: 'failure', at: 500 }),
    check({ origin: 'host', state: 'success', at: 600 }),
    check({ name: 'scan', at: 700 }),
  ]
  for (const other of [...others, check(), check({ promotion: 'pr-2' })]) await store.saveCheck(other)
  const newer = check({ state: 'success', description: '9 of 9', url: 'https://ci.test/1', by: 'CI', at: 2000 })
  await store.saveCheck(newer)
  expect(await store.listChecks('pr-1')).toEqual([...others, newer])
  expect(await store.listChecks('pr-3')).toEqual([])
})
