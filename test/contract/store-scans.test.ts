import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { foldScan, type TagFact } from '#lib/core/policy/index.ts'
import { toFact } from '#lib/operations/work/tag-fact.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { administer, openTestStore, startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'

let database: TestDatabase
let store: Store
let url: string
let clock: { time: number }
beforeAll(async () => {
  database = await startTestDatabase()
})
beforeEach(async () => {
  url = await database.fresh()
  ;({ store, clock } = await openTestStore(url))
  return () => store.close()
})
afterAll(() => database.stop())

const repository = 'ghcr.io/acme/app'
const begun = { begunAt: 1, commit: 'c1' }
const dayMs = 86_400_000

/** What the recorded scans come to, which is what the tags are. */
async function folded(): Promise<TagFact[]> {
  let known = new Map<string, TagFact>()
  for (const { tags } of await store.listScans(repository)) known = foldScan(known, tags)
  return [...known.values()].sort(byName)
}
const facts = async () => (await store.allTags(repository)).map(toFact).sort(byName)
const byName = (a: TagFact, b: TagFact) => a.name.localeCompare(b.name)

/** Tags that come, are read, move, go, and come back. */
async function scanOften() {
  const steps: Parameters<Store['saveTags']>[0][] = [
    ['a', 'b', 'c'].map((name) => ({ repository, name, firstSeenAt: 1 })),
    [
      { repository, name: 'a', created: 5, digest: 'd1' },
      { repository, name: 'b', created: null },
    ],
    [{ repository, name: 'a', created: undefined, digest: 'd2', moved: { from: 'd1', at: 2 } }],
    [{ repository, name: 'b', vanishedAt: 3 }],
    [{ repository, name: 'b', vanishedAt: undefined, created: undefined, digest: undefined }],
    [{ repository, name: 'c', vanishedAt: 4 }],
  ]
  for (const step of steps) {
    clock.time += dayMs
    await store.saveTags(step, begun)
  }
}

describe('listScans', () => {
  it('tells what was found out, in its order, and what Git was then', async () => {
    await store.saveTags([{ repository, name: 'a', firstSeenAt: 1 }], begun)
    await store.saveTags([{ repository: 'other', name: 'x', firstSeenAt: 1 }], { begunAt: 2 })
    await store.saveTags([{ repository, name: 'a', created: 5, digest: 'd1' }], begun)
    const all = await store.listScans()
    expect(all.map(({ seq: _seq, at: _at, ...scan }) => scan)).toEqual([
      { repository, ...begun, tags: { a: { vanished: false } } },
      { repository: 'other', begunAt: 2, tags: { x: { vanished: false } } },
      { repository, ...begun, tags: { a: { created: 5, digest: 'd1' } } },
    ])
    expect(all.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq).toSorted((a, b) => a - b))
    expect(await store.listScans('other')).toHaveLength(1)
  })

  it('has nothing of a scan that found nothing, nor of what no scan found', async () => {
    await store.saveTags([{ repository, name: 'a', created: 5 }])
    await store.saveTags([{ repository, name: 'a', created: 5 }], begun)
    expect(await store.listScans()).toEqual([])
  })

  it('comes to the tags as they are', async () => {
    await scanOften()
    expect(await store.listScans(repository)).toHaveLength(6)
    expect(await folded()).toEqual(await facts())
  })
})

describe('pruneHistory', () => {
  it('makes one of the scans of more than 30 days ago, and leaves the others', async () => {
    await scanOften()
    await store.saveTags([{ repository: 'other', name: 'x', firstSeenAt: 1 }], begun)
    const before = await store.listScans(repository)
    // Four of the six are older than that.
    await store.pruneHistory((before[4]?.at ?? 0) + 30 * dayMs)
    const after = await store.listScans(repository)
    expect(after.map(({ seq, commit }) => [seq, commit])).toEqual([
      [before[3]?.seq, undefined],
      [before[4]?.seq, 'c1'],
      [before[5]?.seq, 'c1'],
    ])
    expect(await folded()).toEqual(await facts())
    await store.pruneHistory(clock.time + 60 * dayMs)
    expect(await store.listScans(repository)).toHaveLength(1)
    expect(await folded()).toEqual(await facts())
    expect(await store.listScans('other')).toHaveLength(1)
  })
})

it('a database that knew tags before it kept scans begins with what it knew', async () => {
  await scanOften()
  await administer(url, 'DELETE FROM scan')
  const migration = await readFile('prisma/migrations/20261125233000_scans/migration.sql', 'utf8')
  await administer(url, migration.slice(migration.indexOf('INSERT INTO')))
  expect(await folded()).toEqual(await facts())
})
