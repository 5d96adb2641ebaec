import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { verifyChain } from '#lib/core/audit/index.ts'
import type { AuditFilter, NewAudit, Store } from '#lib/ports/store/index.ts'
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

const entry = (number: number, more: Partial<NewAudit> = {}): NewAudit => ({
  at: 1_700_000_000_000 + number,
  kind: 'tag.seen',
  actor: 'automation',
  subject: `s${number}`,
  data: { z: number, a: [number, null, 'ü', 1.5], text: 'nul \u0000' },
  ...more,
})
const subjects = async (filter: AuditFilter) => (await store.listAudit(filter)).items.map((item) => item.subject)

describe('the chain', () => {
  it('verifies as it is read back, over several appends', async () => {
    await store.record([
      entry(1),
      entry(2, { environment: 'dev', release: 'r1', operation: 'op', commit: 'c', revision: 3, reason: 'why' }),
    ])
    expect(await store.chainAudit()).toBe(2)
    await store.record([entry(3)])
    expect(await store.chainAudit()).toBe(1)
    expect(await store.chainAudit()).toBe(0)
    const rows = await store.readChain(1, 100)
    expect(rows.map((row) => row.seq)).toEqual([1, 2, 3])
    expect(rows[1]).toMatchObject({ environment: 'dev', release: 'r1', operation: 'op', commit: 'c', revision: 3 })
    expect(verifyChain(rows)).toMatchObject({ ok: true, entries: 3 })
    expect(await store.readChain(3, 100)).toEqual(rows.slice(2))
    expect(verifyChain([...rows.slice(0, 1), { ...rows[1]!, reason: 'other' }, ...rows.slice(2)])).toMatchObject({
      ok: false,
      seq: 2,
    })
  })

  it('has no gaps and no repeats when writers and two appenders work at once', async () => {
    const { store: second } = await openTestStore(url)
    const writers = Array.from({ length: 30 }, (_, index) =>
      store.transaction(async (tx) => {
        await tx.record([entry(index * 2), entry(index * 2 + 1)])
      }),
    )
    const appenders = Array.from({ length: 6 }, (_, index) => (index % 2 ? store : second).chainAudit())
    await Promise.all([...writers, ...appenders])
    await store.chainAudit()
    await second.close()
    const rows = await store.readChain(1, 1000)
    expect(rows).toHaveLength(60)
    expect(verifyChain(rows)).toMatchObject({ ok: true, entries: 60 })
    expect(new Set(rows.map((row) => row.subject)).size).toBe(60)
    expect(await administer(url, 'SELECT 1 FROM audit_intake')).toEqual([])
  })

  it('takes more than one batch in one call', async () => {
    await store.record(Array.from({ length: 1203 }, (_, index) => entry(index)))
    expect(await store.chainAudit()).toBe(1203)
    expect(verifyChain(await store.readChain(1, 5000))).toMatchObject({ ok: true, entries: 1203 })
  })

  it('forgets what a transaction recorded that failed', async () => {
    const broken = store.transaction(async (tx) => {
      await tx.record([entry(1)])
      throw new Error('stop')
    })
    await expect(broken).rejects.toThrow('stop')
    expect(await store.chainAudit()).toBe(0)
  })

  it.each([
    ['UPDATE', `UPDATE audit_event SET actor = 'nobody'`],
    ['DELETE', 'DELETE FROM audit_event'],
    ['TRUNCATE', 'TRUNCATE audit_event'],
  ])('refuses %s even to the owner of the table', async (_label, sql) => {
    await store.record([entry(1)])
    await store.chainAudit()
    await expect(administer(url, sql)).rejects.toMatchObject({ code: '42501' })
    expect(await store.readChain(1, 10)).toHaveLength(1)
  })
})

const chained = async () => (await store.readChain(1, 100)).map((row) => row.kind)

describe('intents', () => {
  const intent = entry(1, { kind: 'commit.intent', intent: 'i1', release: 'r1', data: { tag: 'a' } })
  const done = entry(2, { kind: 'commit.done', intent: 'i1' })
  const failed = entry(3, { kind: 'commit.failed', intent: 'i1' })
  it('are open until they have an outcome, before and after they are chained', async () => {
    await store.record([intent])
    expect(await store.openIntents()).toEqual([intent])
    await store.chainAudit()
    expect(await store.openIntents()).toEqual([intent])
    await store.record([done])
    expect(await store.openIntents()).toEqual([])
    await store.chainAudit()
    expect(await store.openIntents()).toEqual([])
  })

  it('have one outcome: the second is ignored in one call', async () => {
    await store.record([intent, done, failed])
    await store.chainAudit()
    expect(await chained()).toEqual(['commit.intent', 'commit.done'])
  })

  it('have one outcome: the second is ignored before and after the first is chained', async () => {
    await store.record([intent, done])
    await store.record([failed])
    await store.chainAudit()
    await store.record([failed])
    await store.chainAudit()
    expect(await chained()).toEqual(['commit.intent', 'commit.done'])
  })

  it('have one outcome when two come while the chain is being written', async () => {
    await store.record([intent])
    const outcomes = Array.from({ length: 10 }, (_, index) => store.record([index % 2 ? done : failed]))
    await Promise.all([...outcomes, store.chainAudit(), store.chainAudit(), store.chainAudit()])
    await store.chainAudit()
    const rows = await store.readChain(1, 100)
    expect(rows.filter((row) => row.intent === 'i1' && row.kind !== 'commit.intent')).toHaveLength(1)
    expect(verifyChain(rows)).toMatchObject({ ok: true, entries: 2 })
  })
})

describe('listAudit', () => {
  beforeEach(async () => {
    await store.record([
      entry(1, { kind: 'commit.intent', actor: 'ann', environment: 'dev', release: 'r1' }),
      entry(2, { kind: 'commit.done', actor: 'ann', environment: 'dev', commit: 'c1' }),
      entry(3, { kind: 'upgrade.failed', environment: 'prod', operation: 'op-1' }),
      entry(4, { kind: 'commitment.made', environment: 'dev' }),
      entry(4, { subject: 's4b' }),
    ])
    await store.chainAudit()
  })
  const at = 1_700_000_000_000

  it.each<[string, AuditFilter, string[]]>([
    ['everything, newest first', {}, ['s4b', 's4', 's3', 's2', 's1']],
    ['an actor', { actor: 'ann' }, ['s2', 's1']],
    ['an environment', { environment: 'dev' }, ['s4', 's2', 's1']],
    ['a kind in full', { kind: 'upgrade.failed' }, ['s3']],
    ['kinds by their beginning', { kind: 'commit.' }, ['s2', 's1']],
    ['a beginning that nothing has', { kind: 'zzz' }, []],
    ['a release', { release: 'r1' }, ['s1']],
    ['an operation', { operation: 'op-1' }, ['s3']],
    ['a commit', { commit: 'c1' }, ['s2']],
    ['a time, its beginning included and its end not', { since: at + 2, until: at + 4 }, ['s3', 's2']],
    ['several at once', { kind: 'commit', environment: 'dev', since: at + 2 }, ['s4', 's2']],
  ])('finds %s', async (_label, filter, want) => {
    expect(await subjects(filter)).toEqual(want)
  })

  it.each<[string, AuditFilter, string[]]>([
    ['without a filter', {}, ['s4b', 's4', 's3', 's2', 's1']],
    ['over several kinds', { kind: 'commit' }, ['s4', 's2', 's1']],
  ])('pages %s without gaps or repeats', async (_label, filter, want) => {
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await store.listAudit({ ...filter, after, limit: 1 })
      seen.push(...page.items.map((item) => item.subject))
      after = page.next
    } while (after)
    expect(seen).toEqual(want)
  })
})
