import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CommandRecord, Store } from '#lib/ports/store/index.ts'
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

describe('the outbox', () => {
  it('gives positions without gaps in the order of ids, and keeps its head', async () => {
    expect(await store.outboxHead()).toBe(0)
    await store.setFact('a', 1)
    await store.setFact('b', 1)
    expect(await store.readOutbox(0, 10)).toEqual([])
    expect(await store.sequenceOutbox()).toBe(2)
    expect(await store.sequenceOutbox()).toBe(0)
    expect((await store.readOutbox(0, 10)).map((event) => [event.position, event.id])).toEqual([
      [1, 'a'],
      [2, 'b'],
    ])
    expect((await store.readOutbox(1, 10)).map((event) => event.id)).toEqual(['b'])
    expect((await store.readOutbox(0, 1)).map((event) => event.id)).toEqual(['a'])
    expect(await store.outboxHead()).toBe(2)
  })

  it('never gives a position below one already read to a transaction that ends late', async () => {
    const late = Promise.withResolvers<void>()
    const written = Promise.withResolvers<void>()
    const slow = store.transaction(async (tx) => {
      await tx.setFact('early-written', 1)
      written.resolve()
      await late.promise
    })
    await written.promise
    await store.setFact('late-written', 1)
    await store.sequenceOutbox()
    expect((await store.readOutbox(0, 10)).map((event) => event.id)).toEqual(['late-written'])
    late.resolve()
    await slow
    await store.sequenceOutbox()
    expect((await store.readOutbox(1, 10)).map((event) => event.id)).toEqual(['early-written'])
  })

  it('has no gaps when two sequencers and many writers work at once', async () => {
    const { store: second } = await openTestStore(url)
    const writers = Array.from({ length: 40 }, (_, index) => store.setFact(`f${index}`, 1))
    await Promise.all([...writers, ...Array.from({ length: 8 }, (_, i) => (i % 2 ? store : second).sequenceOutbox())])
    await store.sequenceOutbox()
    await second.close()
    const positions = (await store.readOutbox(0, 100)).map((event) => event.position)
    expect(positions).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
  })

  it('forgets old events, never the head', async () => {
    await administer(
      url,
      `INSERT INTO outbox (topic, subject, version) SELECT 'system', 'x', 1 FROM generate_series(1, 12000)`,
    )
    expect(await store.sequenceOutbox()).toBe(12_000)
    const [first] = await store.readOutbox(0, 1)
    expect(first?.position).toBe(2001)
    await administer(url, 'DELETE FROM outbox')
    await store.setFact('a', 1)
    await store.sequenceOutbox()
    expect((await store.readOutbox(0, 10)).map((event) => event.position)).toEqual([12_001])
  })

  it('calls listeners of other processes until they stop listening', async () => {
    const { store: web } = await openTestStore(url)
    let heard = Promise.withResolvers<void>()
    let calls = 0
    const stop = web.onOutbox(() => {
      calls += 1
      heard.resolve()
    })
    // The connection that listens is up.
    await heard.promise
    heard = Promise.withResolvers<void>()
    await store.setFact('a', 1)
    await store.sequenceOutbox()
    await heard.promise
    expect(await web.readOutbox(0, 10)).toHaveLength(1)
    stop()
    const before = calls
    const other = Promise.withResolvers<void>()
    web.onOutbox(other.resolve)
    await store.setFact('a', 2)
    await store.sequenceOutbox()
    await other.promise
    expect(calls).toBe(before)
    await web.close()
  })
})

describe('commands', () => {
  const command = (id: string): Omit<CommandRecord, 'state'> => ({
    id,
    name: 'lock-release',
    input: { release: 'r1' },
    actor: { id: 'p1', email: 'ann@example.com', name: 'Ann', roles: { '*': 'admin' } },
    createdAt: 1000,
  })

  it('are queued oldest first, and finished once', async () => {
    await store.enqueueCommand(command('c2'))
    await store.enqueueCommand(command('c1'))
    expect(await store.queuedCommands()).toEqual([
      { ...command('c2'), state: { kind: 'queued' } },
      { ...command('c1'), state: { kind: 'queued' } },
    ])
    await store.finishCommand('c2', { kind: 'done', result: { commit: 'abc' } })
    await store.finishCommand('c2', { kind: 'failed', code: 'internal', message: 'late' })
    expect(await store.getCommand('c2')).toEqual({
      ...command('c2'),
      state: { kind: 'done', result: { commit: 'abc' } },
    })
    expect((await store.queuedCommands()).map((queued) => queued.id)).toEqual(['c1'])
    expect(await store.getCommand('c3')).toBeUndefined()
  })

  it('are awaited across processes', async () => {
    const { store: worker } = await openTestStore(url)
    await store.enqueueCommand(command('c1'))
    const waiting = store.awaitCommand('c1', 60_000)
    await worker.finishCommand('c1', { kind: 'failed', code: 'conflict', message: 'No.' })
    expect((await waiting).state).toEqual({ kind: 'failed', code: 'conflict', message: 'No.' })
    expect((await store.awaitCommand('c1', 60_000)).state.kind).toBe('failed')
    await worker.close()
  })

  it('are given back queued when the time is over', async () => {
    await store.enqueueCommand(command('c1'))
    expect((await store.awaitCommand('c1', 5)).state).toEqual({ kind: 'queued' })
    await expect(store.awaitCommand('c9', 5)).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('leases', () => {
  const expire = (name: string) =>
    administer(url, `UPDATE lease SET expires_at = clock_timestamp() - interval '1 second' WHERE name = '${name}'`)

  it('are held by one, renewed in the same epoch, and counted up with every change of holder', async () => {
    expect(await store.takeLease('l', 'a', 60_000)).toEqual({ epoch: 1 })
    expect(await store.takeLease('l', 'b', 60_000)).toBeUndefined()
    expect(await store.takeLease('l', 'a', 60_000)).toEqual({ epoch: 1 })
    await expire('l')
    expect(await store.leaseHolder('l')).toBeUndefined()
    expect(await store.takeLease('l', 'b', 60_000)).toEqual({ epoch: 2 })
    expect(await store.takeLease('l', 'a', 60_000)).toBeUndefined()
    expect(await store.leaseHolder('l')).toMatchObject({ holder: 'b', epoch: 2 })
  })

  it('can be given up by their holder only', async () => {
    await store.takeLease('l', 'a', 60_000)
    await store.releaseLease('l', 'b')
    expect(await store.leaseHolder('l')).toMatchObject({ holder: 'a' })
    await store.releaseLease('l', 'a')
    expect(await store.leaseHolder('l')).toBeUndefined()
    expect(await store.takeLease('l', 'b', 60_000)).toEqual({ epoch: 2 })
  })

  it('go to one of many who ask at once', async () => {
    await store.takeLease('l', 'old', 60_000)
    await expire('l')
    const takers = await Promise.all(['a', 'b', 'c', 'd'].map((holder) => store.takeLease('l', holder, 60_000)))
    expect(takers.filter((taken) => taken !== undefined)).toEqual([{ epoch: 2 }])
  })

  it('end on the clock of the database', async () => {
    await store.takeLease('l', 'a', 60_000)
    const [row] = await administer(url, 'SELECT extract(epoch FROM expires_at - clock_timestamp()) AS left FROM lease')
    expect(Number(row?.['left'])).toBeGreaterThan(30)
    expect(Number(row?.['left'])).toBeLessThanOrEqual(60)
  })
})
