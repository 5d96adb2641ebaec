import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyMigrations, createWakeups } from '#lib/adapters/postgres/index.ts'
import type { WakeTopic } from '#lib/ports/wakeups.ts'
import { administer, openTestStore, silentLog, startTestDatabase } from '#test/fixtures/test-database.ts'
import type { TestDatabase } from '#test/fixtures/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const unreachable = { name: 'Fault', code: 'database-unreachable', retryable: true }

describe('a PostgreSQL that goes away and comes back', () => {
  it('makes calls fail with a retryable fault, then everything goes on', async () => {
    const { store } = await openTestStore(await database.fresh())
    await store.saveRelease('r1', { name: 'a' })
    const command = { name: 'x', input: {}, actor: { id: '', email: '', name: '', roles: {} }, createdAt: 1 }
    await store.enqueueCommand({ ...command, id: 'c1' })
    const started = Promise.withResolvers<void>()
    let reconnected = Promise.withResolvers<void>()
    store.onOutbox(() => {
      started.resolve()
      reconnected.resolve()
    })
    await started.promise
    const answer = store.awaitCommand('c1', 60_000)
    const holding = Promise.withResolvers<void>()
    const gone = Promise.withResolvers<void>()
    const broken = store.transaction(async (tx) => {
      await tx.saveRelease('r2', { name: 'b' })
      holding.resolve()
      await gone.promise
      await tx.saveRelease('r3', { name: 'c' })
    })
    await holding.promise
    reconnected = Promise.withResolvers()
    await database.stopServer()
    gone.resolve()
    await expect(broken).rejects.toMatchObject(unreachable)
    await expect(store.getRelease('r1')).rejects.toMatchObject(unreachable)
    await expect(store.saveRelease('r1', { line: 2 })).rejects.toMatchObject(unreachable)
    await expect(store.takeLease('l', 'a', 1000)).rejects.toMatchObject(unreachable)
    await expect(store.transaction((tx) => tx.outboxHead())).rejects.toMatchObject(unreachable)
    await database.startServer()
    await reconnected.promise
    expect(await store.getRelease('r1')).toMatchObject({ name: 'a' })
    expect(await store.getRelease('r2')).toBeUndefined()
    await store.finishCommand('c1', { kind: 'done', result: 1 })
    expect((await answer).state).toEqual({ kind: 'done', result: 1 })
    await store.close()
  })

  it('is told from a mistake of ours', async () => {
    const { store } = await openTestStore(await database.fresh())
    const operation = store.createOperation({
      id: 'op-1',
      kind: 'image',
      actor: 'a',
      cause: { kind: 'recovery', detail: '' },
      reason: '',
      state: 'decided',
      createdAt: 1,
    })
    await operation
    const person = { id: 'p1', email: 'a@example.com', name: 'A', roles: {}, createdAt: 1 }
    await store.savePerson(person)
    await expect(store.savePerson({ ...person, id: 'p2' })).rejects.not.toMatchObject({ name: 'Fault' })
    await store.close()
  })

  it('is a fault when it never was there', async () => {
    const server = createServer()
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const address = server.address()
    await new Promise((done) => server.close(done))
    const port = typeof address === 'object' ? address?.port : 0
    const url = `postgresql://nobody:secret-word@127.0.0.1:${port}/none`
    const { store } = await openTestStore(url)
    const fault: unknown = await store.getRelease('r1').catch((error: unknown) => error)
    expect(fault).toMatchObject(unreachable)
    expect(String((fault as Error).message)).not.toContain('secret-word')
    await expect(applyMigrations(url)).rejects.toMatchObject(unreachable)
    await store.close()
  })
})

describe('wake-ups', () => {
  const open = (url: string) => createWakeups({ url, log: silentLog })
  /** Collects wakes; `next` resolves with all so far once one fits. */
  const collect = (wakeups: Awaited<ReturnType<typeof open>>, topic: WakeTopic) => {
    const keys: string[] = []
    const waiting: { key: string; done: () => void }[] = []
    wakeups.on(topic, (key) => {
      keys.push(key)
      for (const { key: wanted, done } of waiting) if (wanted === key) done()
    })
    const until = (key: string) =>
      keys.includes(key) ? Promise.resolve() : new Promise<void>((done) => waiting.push({ key, done }))
    return { keys, until }
  }

  it('reach this process once, and others over the database', async () => {
    const url = await database.fresh()
    const [one, other] = await Promise.all([open(url), open(url)])
    const here = collect(one, 'release')
    const there = collect(other, 'release')
    const deaf = collect(other, 'scan')
    one.wake('release', 'r1')
    one.wake('release', 'r1')
    one.wake('release', 'r2')
    await there.until('r2')
    expect(here.keys).toEqual(['r1', 'r2'])
    expect(there.keys).toEqual(['r1', 'r2'])
    expect(deaf.keys).toEqual([])
    other.wake('release', 'end')
    await here.until('end')
    // Its own notices came back before that of the other process and were ignored.
    expect(here.keys).toEqual(['r1', 'r2', 'end'])
    await Promise.all([one.close(), other.close()])
  })

  it('stay in a process that has all the listeners, which hears the others all the same', async () => {
    const url = await database.fresh()
    const worker = await createWakeups({ url, log: silentLog, tellsOthers: false })
    const web = await open(url)
    const [here, there] = [collect(worker, 'fetch'), collect(web, 'fetch')]
    worker.wake('fetch', 'own')
    await here.until('own')
    web.wake('fetch', 'hook')
    await here.until('hook')
    await there.until('hook')
    expect(there.keys).toEqual(['hook'])
    await Promise.all([worker.close(), web.close()])
  })

  it('become "all" when there are too many of one topic, and fit into notices otherwise', async () => {
    const url = await database.fresh()
    const [one, other] = await Promise.all([open(url), open(url)])
    const there = collect(other, 'release')
    const long = Array.from({ length: 400 }, (_, index) => `${'x'.repeat(60)}${index}`)
    for (const key of long) one.wake('release', key)
    await there.until(long.at(-1) ?? '')
    expect(there.keys).toEqual(long)
    for (let index = 0; index < 2000; index += 1) one.wake('release', `r${index}`)
    await there.until('')
    expect(there.keys.slice(long.length)).toEqual([''])
    await Promise.all([one.close(), other.close()])
  })

  it('stop when asked, and survive a listener that throws', async () => {
    const wakeups = await open(await database.fresh())
    const kept = collect(wakeups, 'scan')
    const stopped: string[] = []
    const stop = wakeups.on('scan', (key) => stopped.push(key))
    wakeups.on('scan', () => {
      throw new Error('listener')
    })
    wakeups.wake('scan', 'a')
    await kept.until('a')
    stop()
    wakeups.wake('scan', 'b')
    await kept.until('b')
    expect(stopped).toEqual(['a'])
    await wakeups.close()
  })

  it('come from rows that wait for somebody, whoever wrote them', async () => {
    const url = await database.fresh()
    const { store } = await openTestStore(url)
    const wakeups = await open(url)
    const [command, outbox] = [collect(wakeups, 'command'), collect(wakeups, 'outbox')]
    const actor = { id: '', email: '', name: '', roles: {} }
    await store.enqueueCommand({ id: 'c1', name: 'x', input: {}, actor, createdAt: 1 })
    await command.until('')
    await store.record([{ at: 1, kind: 'a.b', actor: 'x', subject: 's', data: {} }])
    await outbox.until('')
    expect(new Set([...command.keys, ...outbox.keys])).toEqual(new Set(['']))
    await wakeups.close()
    await store.close()
  })

  it('wake everybody after the connection was lost', async () => {
    const wakeups = await open(await database.fresh())
    const all = collect(wakeups, 'health')
    await database.stopServer()
    await database.startServer()
    await all.until('')
    expect(all.keys).toEqual([''])
    await wakeups.close()
  })

  it('keep what could not be sent until the connection is back', async () => {
    const url = await database.fresh()
    const gate = await openGate(url)
    const [one, other] = await Promise.all([open(gate.url), open(url)])
    const back = collect(one, 'health')
    const there = collect(other, 'release')
    await gate.shut()
    one.wake('release', 'sent while down')
    await gate.reopen()
    await back.until('')
    await there.until('sent while down')
    expect(there.keys).toEqual(['sent while down'])
    await Promise.all([one.close(), other.close()])
    await gate.shut()
  })
})

/** A way to the same database that can be shut, connections and all. */
async function openGate(url: string): Promise<{ url: string; shut(): Promise<void>; reopen(): Promise<void> }> {
  const target = new URL(url)
  const open = new Set<Socket>()
  const gate = createServer((from) => {
    const to = connect(Number(target.port), target.hostname)
    for (const [socket, peer] of [
      [from, to],
      [to, from],
    ] as const) {
      open.add(socket)
      socket.on('error', () => peer.destroy()).on('close', () => open.delete(socket))
      socket.pipe(peer)
    }
  })
  const listen = (port: number) => new Promise<void>((done) => gate.listen(port, '127.0.0.1', done))
  await listen(0)
  const { port } = gate.address() as AddressInfo
  const through = new URL(url)
  through.host = `127.0.0.1:${port}`
  return {
    url: through.href,
    async shut() {
      const closed = new Promise((done) => gate.close(done))
      for (const socket of open) socket.destroy()
      await closed
    },
    reopen: () => listen(port),
  }
}

const empty = async () => {
  const url = new URL(await database.fresh())
  const name = `empty${url.pathname.slice(1)}`
  await administer(url.href, `CREATE DATABASE ${name}`)
  url.pathname = `/${name}`
  return url.href
}

describe('applyMigrations', () => {
  const withMigrations = async (files: Record<string, string>, work: (directory: string) => Promise<void>) => {
    const directory = await mkdtemp(join(tmpdir(), 'wheelhouse-migrations-'))
    for (const [name, sql] of Object.entries(files)) {
      await mkdir(join(directory, name))
      await writeFile(join(directory, name, 'migration.sql'), sql)
    }
    try {
      await work(directory)
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  }
  it('applies each once though processes start together, in the order of names', async () => {
    const url = await empty()
    await withMigrations({ '2_b': 'INSERT INTO a VALUES (1)', '1_a': 'CREATE TABLE a (id int)' }, async (directory) => {
      const applied = await Promise.all([1, 2, 3].map(() => applyMigrations(url, directory)))
      expect(applied.flat()).toEqual(['1_a', '2_b'])
      expect(await administer(url, 'SELECT * FROM a')).toEqual([{ id: 1 }])
      expect(
        await administer(url, 'SELECT migration_name, applied_steps_count FROM _prisma_migrations ORDER BY 1'),
      ).toEqual([
        { migration_name: '1_a', applied_steps_count: 1 },
        { migration_name: '2_b', applied_steps_count: 1 },
      ])
    })
  })

  it('leaves nothing of a migration that fails, and can be called again', async () => {
    const url = await empty()
    await withMigrations({ '1_a': 'CREATE TABLE a (id int); SELECT 1/0' }, async (directory) => {
      await expect(applyMigrations(url, directory)).rejects.toThrow('division by zero')
      await writeFile(join(directory, '1_a', 'migration.sql'), 'CREATE TABLE a (id int)')
      expect(await applyMigrations(url, directory)).toEqual(['1_a'])
    })
  })

  it('refuses a migration that was changed after it was applied', async () => {
    const url = await empty()
    await withMigrations({ '1_a': 'CREATE TABLE a (id int)' }, async (directory) => {
      await applyMigrations(url, directory)
      await writeFile(join(directory, '1_a', 'migration.sql'), 'CREATE TABLE a (id bigint)')
      await expect(applyMigrations(url, directory)).rejects.toMatchObject({ name: 'Fault', code: 'conflict' })
    })
  })

  it('refuses a database of a newer version', async () => {
    const url = await empty()
    await withMigrations({ '1_a': 'SELECT 1', '2_b': 'SELECT 1' }, async (directory) => {
      await applyMigrations(url, directory)
    })
    await withMigrations({ '1_a': 'SELECT 1' }, async (directory) => {
      await expect(applyMigrations(url, directory)).rejects.toThrow(/newer version: it has 2_b/)
    })
  })
})
