import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PersonRecord, SessionRecord, Store } from '#lib/ports/store/index.ts'
import { openTestStore, startTestDatabase } from '#test/fixtures/test-database.ts'
import type { TestDatabase } from '#test/fixtures/test-database.ts'

let database: TestDatabase
let store: Store
beforeAll(async () => {
  database = await startTestDatabase()
})
beforeEach(async () => {
  ;({ store } = await openTestStore(await database.fresh()))
  await store.savePerson(ann)
  return () => store.close()
})
afterAll(() => database.stop())

const ann: PersonRecord = { id: 'p1', email: 'ann@example.com', name: 'Ann', roles: { '*': 'viewer' }, createdAt: 1000 }
const session: SessionRecord = {
  id: 'ses1',
  person: 'p1',
  way: 'password',
  userAgent: 'Firefox',
  address: '192.0.2.1',
  createdAt: 1000,
  lastUsedAt: 1000,
  expiresAt: 5_000_000,
}
const idleMs = 1_000_000

describe('a link for a password', () => {
  it('is seen without being used up, and is no link to sign in with', async () => {
    await store.saveSignInLink('l1', 'p1', 5000, 'password')
    expect(await store.useSignInLink('l1', 1000)).toBeUndefined()
    expect(await store.findSignInLink('l1', 1000, 'password')).toEqual(ann)
    expect(await store.findSignInLink('l1', 5000, 'password')).toBeUndefined()
    expect(await store.findSignInLink('l1', 1000, 'sign-in')).toBeUndefined()
    expect(await store.useSignInLink('l1', 1000, 'password')).toEqual(ann)
    expect(await store.findSignInLink('l1', 1000, 'password')).toBeUndefined()
  })

  it('goes when the links of a person are removed', async () => {
    await store.saveSignInLink('l1', 'p1', 5000, 'password')
    await store.removeSignInLinks('p1')
    expect(await store.findSignInLink('l1', 1000, 'password')).toBeUndefined()
  })
})

describe('a session', () => {
  const find = (now: number) => store.findSession('s1', now, idleMs)
  beforeEach(() => store.saveSession('s1', session))

  it('is of a person, who was seen then', async () => {
    expect(await find(2000)).toEqual({ person: { ...ann, lastSeenAt: 1000 }, session: 'ses1' })
    expect(await store.findSession('s2', 2000, idleMs)).toBeUndefined()
  })

  it('notes its use at most once a minute', async () => {
    await find(60_999)
    expect(await store.getSession('ses1')).toEqual(session)
    await find(61_000)
    expect(await store.getSession('ses1')).toEqual({ ...session, lastUsedAt: 61_000 })
    expect((await store.getPerson('p1'))?.lastSeenAt).toBe(61_000)
  })

  it('ends when it was not used for long, and after its time even if it was', async () => {
    expect(await find(1_001_000)).toBeUndefined()
    for (let now = 900_000; now < 5_000_000; now += 900_000) expect(await find(now)).toBeDefined()
    expect(await find(5_000_000)).toBeUndefined()
  })

  it('is none while its person is disabled, and gone with them', async () => {
    await store.savePerson({ ...ann, disabledAt: 1 })
    expect(await find(2000)).toBeUndefined()
    await store.savePerson(ann)
    expect(await find(2000)).toBeDefined()
    await store.removePerson('p1')
    expect(await find(2000)).toBeUndefined()
  })

  it.each([
    ['one', { only: 'ses2' }, ['ses3', 'ses1']],
    ['all but one', { except: 'ses2' }, ['ses2']],
    ['all', {}, []],
  ])('ends by hand: %s', async (_label, which, left) => {
    await store.saveSession('s2', { ...session, id: 'ses2', lastUsedAt: 2000 })
    await store.saveSession('s3', { ...session, id: 'ses3', lastUsedAt: 3000 })
    expect(await store.endSessions('p1', which)).toBe(3 - left.length)
    expect((await store.listSessions('p1')).map(({ id }) => id)).toEqual(left)
    expect(await store.endSessions('p2', {})).toBe(0)
  })

  it('is forgotten with everything else that has ended', async () => {
    await store.saveSession('s2', { ...session, id: 'ses2', expiresAt: 9_000_000 })
    await store.saveSignInLink('l1', 'p1', 5000, 'password')
    await store.pruneHistory(6_000_000)
    expect((await store.listSessions('p1')).map(({ id }) => id)).toEqual(['ses2'])
    expect(await store.findSignInLink('l1', 1000, 'password')).toBeUndefined()
  })
})

describe('a password', () => {
  it('is kept beside the person, and survives their changes', async () => {
    expect(await store.passwordOf('p1')).toBeUndefined()
    await store.setPassword('p1', 'scrypt$…')
    await store.savePerson({ ...ann, name: 'Anna' })
    expect(await store.passwordOf('p1')).toBe('scrypt$…')
    expect(await store.withPassword()).toEqual(new Set(['p1']))
    expect(JSON.stringify(await store.listPeople())).not.toContain('scrypt')
  })
})

describe('failed tries', () => {
  it('are counted one after the other, whoever comes at once', async () => {
    const one = () =>
      store.changeThrottle('account a', (seen) => ({ failures: (seen?.failures ?? 0) + 1, lastAt: 1000 }))
    await Promise.all(Array.from({ length: 8 }, one))
    await store.changeThrottle('account a', (seen) => {
      expect(seen).toEqual({ failures: 8, lastAt: 1000 })
      return undefined
    })
    await store.changeThrottle('account a', (seen) => {
      expect(seen).toBeUndefined()
      return undefined
    })
  })
})
