import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DecisionRecord, Store } from '#lib/ports/store/index.ts'
import { administer, openTestStore, startTestDatabase } from '#test/fixtures/test-database.ts'
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

const now = Date.parse('2026-03-01T12:00:00Z')
const repository = 'ghcr.io/acme/app'

async function topics(): Promise<string[]> {
  await store.sequenceOutbox()
  return (await store.readOutbox(0, 1000)).map((event) => `${event.topic} ${event.id}`)
}

describe('image repositories', () => {
  it('are created due now and keep their tags while nobody uses them', async () => {
    await store.watchRepositories([
      { name: 'a', usedBy: ['r1'] },
      { name: 'b', usedBy: [] },
    ])
    expect(await store.listImageRepositories()).toEqual([
      { name: 'a', nextScanAt: now, tagCount: 0, usedBy: ['r1'] },
      { name: 'b', nextScanAt: now, tagCount: 0, usedBy: [] },
    ])
    await store.saveTags([{ repository: 'a', name: '1.0', firstSeenAt: 5 }])
    await store.watchRepositories([{ name: 'b', usedBy: ['r2', 'r3'] }])
    expect((await store.listImageRepositories()).map((known) => [known.name, known.usedBy])).toEqual([
      ['b', ['r2', 'r3']],
    ])
    await store.watchRepositories([{ name: 'a', usedBy: ['r1'] }])
    expect((await store.allTags('a')).map((tag) => tag.firstSeenAt)).toEqual([5])
  })

  it('stay due when a scan is asked for while one is under way', async () => {
    await store.watchRepositories([{ name: 'a', usedBy: ['r1'] }])
    await store.saveImageRepository({ name: 'a', scannedAt: 7, nextScanAt: 8, tagCount: 3 }, now)
    expect(await store.getImageRepository('a')).toMatchObject({ nextScanAt: 8 })
    await store.requestScans(['a', 'unknown'], 9)
    await store.saveImageRepository({ name: 'a', scannedAt: 17, nextScanAt: 18, tagCount: 4 }, 8)
    expect(await store.getImageRepository('a')).toMatchObject({ nextScanAt: 9, tagCount: 4 })
    await store.saveImageRepository({ name: 'a', scannedAt: 27, nextScanAt: 28, tagCount: 4 }, 9)
    expect(await store.getImageRepository('a')).toMatchObject({ nextScanAt: 28 })
  })

  it('keep who uses them when a scan is saved', async () => {
    await store.watchRepositories([{ name: 'a', usedBy: ['r1'] }])
    const problem = { code: 'registry-unauthorized', severity: 'error' as const, message: 'No.' }
    const scan = { name: 'a', scannedAt: 7, nextScanAt: 8, tagCount: 3, etag: 'x', problem }
    await store.saveImageRepository(scan)
    expect(await store.getImageRepository('a')).toEqual({ ...scan, usedBy: ['r1'] })
    await store.saveImageRepository({ name: 'a', scannedAt: 9, nextScanAt: 10, tagCount: 3 })
    expect(await store.getImageRepository('a')).toEqual({
      name: 'a',
      scannedAt: 9,
      nextScanAt: 10,
      tagCount: 3,
      usedBy: ['r1'],
    })
    expect(await store.getImageRepository('unknown')).toBeUndefined()
  })

  it('wake pages only when a scan found something', async () => {
    await store.watchRepositories([{ name: 'a', usedBy: ['r1'] }])
    await store.saveImageRepository({ name: 'a', scannedAt: 7, nextScanAt: 8, tagCount: 3 })
    const events = await topics()
    await store.saveImageRepository({ name: 'a', scannedAt: 17, nextScanAt: 18, tagCount: 3 })
    await store.watchRepositories([{ name: 'a', usedBy: ['r1'] }])
    expect(await topics()).toEqual(events)
    expect(events).toEqual(['images ', 'images a'])
  })
})

const one = async () => (await store.allTags(repository))[0]

describe('saveTags', () => {
  it('notes the first sight and tells "no build time" from "not read"', async () => {
    await store.saveTags([
      { repository, name: 'a', created: null },
      { repository, name: 'b' },
      { repository, name: 'c', created: 1234, digest: 'sha256:1', firstSeenAt: 99 },
    ])
    const tags = await store.allTags(repository)
    expect(tags.sort((left, right) => left.name.localeCompare(right.name))).toEqual([
      { repository, name: 'a', created: null, firstSeenAt: now },
      { repository, name: 'b', firstSeenAt: now },
      { repository, name: 'c', created: 1234, digest: 'sha256:1', firstSeenAt: 99 },
    ])
  })

  it('leaves what is omitted, sets what is given, clears what is given as undefined', async () => {
    await store.saveTags([{ repository, name: 'a', created: 5, digest: 'd1', firstSeenAt: 1, vanishedAt: 9 }])
    await store.saveTags([{ repository, name: 'a' }])
    expect(await one()).toEqual({ repository, name: 'a', created: 5, digest: 'd1', firstSeenAt: 1, vanishedAt: 9 })
    await store.saveTags([
      { repository, name: 'a', digest: 'd2', moved: { from: 'd1', at: 7 }, vanishedAt: undefined, created: undefined },
    ])
    const moved = { repository, name: 'a', digest: 'd2', firstSeenAt: 1, moved: { from: 'd1', at: 7 } }
    expect(await one()).toEqual(moved)
    await store.saveTags([{ repository, name: 'a', created: null }])
    expect(await one()).toEqual({ ...moved, created: null })
    await store.saveTags([{ repository, name: 'a', created: 6, digest: undefined, moved: undefined }])
    expect(await one()).toEqual({ repository, name: 'a', created: 6, firstSeenAt: 1 })
  })

  it('writes and announces nothing when nothing is new', async () => {
    const tag = { repository, name: 'a', created: 5, digest: 'd1' }
    await store.saveTags([tag])
    const before = await administer(url, 'SELECT ctid::text FROM tag')
    const events = await topics()
    await store.saveTags([tag, { repository, name: 'a' }])
    expect(await administer(url, 'SELECT ctid::text FROM tag')).toEqual(before)
    expect(await topics()).toEqual(events)
    expect(events).toEqual([`images ${repository}`])
  })

  it('takes more tags at once than fit one statement, of several repositories', async () => {
    const many = Array.from({ length: 12_000 }, (_, index) => ({ repository, name: `t${index}` }))
    await store.saveTags([...many, { repository: 'other', name: 'x' }])
    expect(await store.allTags(repository)).toHaveLength(12_000)
    expect(await store.allTags('other')).toHaveLength(1)
    expect(await store.allTags('unknown')).toEqual([])
  })
})

describe('listTags', () => {
  beforeEach(() =>
    store.saveTags([
      { repository, name: 'dev-old', created: 1000, firstSeenAt: 9000 },
      { repository, name: 'dev-new', created: 3000, firstSeenAt: 9000 },
      { repository, name: 'stg-mid', created: 2000, firstSeenAt: 9000 },
      { repository, name: 'dev-unread', firstSeenAt: 8000 },
      { repository, name: 'none_early', created: null, firstSeenAt: 7000 },
    ]),
  )
  const all = ['dev-new', 'stg-mid', 'dev-old', 'dev-unread', 'none_early']

  it.each([1, 2, 3, 5])('gives the newest first, %i on a page', async (limit) => {
    const names: string[] = []
    let after: string | undefined
    do {
      const page = await store.listTags(repository, { limit, after })
      names.push(...page.items.map((tag) => tag.name))
      after = page.next
    } while (after)
    expect(names).toEqual(all)
  })

  it.each([
    ['dev-', ['dev-new', 'dev-old', 'dev-unread']],
    ['_', ['none_early']],
    ['%', []],
  ])('searches %s as plain text', async (search, names) => {
    expect((await store.listTags(repository, { search })).items.map((tag) => tag.name)).toEqual(names)
  })
})

describe('decisions', () => {
  const decision: DecisionRecord = {
    release: 'r1',
    container: 'chart-image',
    at: 1000,
    policy: 'glob:dev-*',
    current: 'dev-a',
    kind: 'stay',
    reason: 'dev-a is the newest.',
  }

  it('are listed newest first; the same again is no news', async () => {
    await store.saveDecision(decision)
    await store.saveDecision({ ...decision, at: 2000 })
    const move: DecisionRecord = {
      ...decision,
      at: 3000,
      kind: 'move',
      tag: 'dev-b',
      operation: 'op-1',
      reason: 'Newer.',
    }
    await store.saveDecision(move)
    await store.saveDecision({ ...decision, container: 'other' })
    expect(await store.listDecisions('r1', 10)).toEqual([{ ...decision, container: 'other' }, move, decision])
    expect(await store.listDecisions('r1', 1)).toHaveLength(1)
    expect(await store.listDecisions('r2', 10)).toEqual([])
  })

  it('that were begun are no news when they are only made again', async () => {
    const move: DecisionRecord = { ...decision, kind: 'move', tag: 'dev-b', reason: 'Newer.' }
    await store.saveDecision({ ...move, operation: 'op-1' })
    await store.saveDecision({ ...move, at: 2000 })
    expect((await store.listDecisions('r1', 10)).map(({ operation }) => operation)).toEqual(['op-1'])
    await store.saveDecision({ ...move, at: 3000, operation: 'op-2' })
    expect((await store.listDecisions('r1', 10)).map(({ operation }) => operation)).toEqual(['op-2', 'op-1'])
  })
})
