import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { authenticate, createSignInLink, hashSecret, newSecret, sameSecret } from '#lib/adapters/auth/index.ts'
import type { AlertRecord, PersonRecord, Store, TokenRecord } from '#lib/ports/store/index.ts'
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

const ann: PersonRecord = {
  id: 'p1',
  email: 'ann@example.com',
  name: 'Ann',
  roles: { '*': 'viewer', dev: 'deployer' },
  createdAt: 1000,
}
const token: TokenRecord = {
  id: 't1',
  name: 'ci',
  person: 'p1',
  role: 'deployer',
  createdAt: 1000,
  expiresAt: 5_000_000,
}

describe('people', () => {
  it('are found by id and by e-mail whatever its case', async () => {
    await store.savePerson({ ...ann, email: 'Ann@Example.com' })
    expect(await store.getPerson('p1')).toEqual(ann)
    expect(await store.findPersonByEmail('ANN@example.com')).toEqual(ann)
    await store.savePerson({ ...ann, disabledAt: 2000 })
    expect(await store.listPeople()).toEqual([{ ...ann, disabledAt: 2000 }])
    expect(await store.getPerson('p2')).toBeUndefined()
    expect(await store.findPersonByEmail('bob@example.com')).toBeUndefined()
  })
})

describe('tokens', () => {
  beforeEach(async () => {
    await store.savePerson(ann)
    await store.saveToken(token, 'hash')
  })

  it('note their use at most once a minute', async () => {
    expect(await store.findToken('hash', 10_000)).toEqual({ ...token, lastUsedAt: 10_000 })
    expect(await store.findToken('hash', 60_000)).toEqual({ ...token, lastUsedAt: 10_000 })
    expect(await store.findToken('hash', 70_000)).toEqual({ ...token, lastUsedAt: 70_000 })
    expect(await store.listTokens()).toEqual([{ ...token, lastUsedAt: 70_000 }])
  })

  it('end when they expire or are revoked', async () => {
    expect(await store.findToken('hash', 5_000_000)).toBeUndefined()
    await store.revokeToken('t1', 3000)
    await store.revokeToken('t1', 4000)
    expect(await store.findToken('hash', 10_000)).toBeUndefined()
    expect((await store.listTokens())[0]?.revokedAt).toBe(3000)
    expect(await store.findToken('other', 10_000)).toBeUndefined()
  })
})

describe('sign-in', () => {
  beforeEach(() => store.savePerson(ann))

  it('by link works once, even for two at once', async () => {
    await store.saveSignInLink('hash', 'p1', 5000)
    const used = await Promise.all([store.useSignInLink('hash', 1000), store.useSignInLink('hash', 1000)])
    expect(used.filter(Boolean)).toEqual([ann])
    expect(await store.useSignInLink('hash', 1000)).toBeUndefined()
  })

  it('by link works neither late nor for a disabled person', async () => {
    await store.saveSignInLink('late', 'p1', 5000)
    expect(await store.useSignInLink('late', 5000)).toBeUndefined()
    await store.saveSignInLink('disabled', 'p1', 5000)
    await store.savePerson({ ...ann, disabledAt: 1 })
    expect(await store.useSignInLink('disabled', 1000)).toBeUndefined()
  })

  it('lasts until the session expires, is removed, or the person is disabled', async () => {
    await store.saveSession('s1', 'p1', 5000)
    expect(await store.findSession('s1', 4999)).toEqual(ann)
    expect(await store.findSession('s1', 5000)).toBeUndefined()
    await store.savePerson({ ...ann, disabledAt: 1 })
    expect(await store.findSession('s1', 4999)).toBeUndefined()
    await store.savePerson(ann)
    await store.removeSession('s1')
    expect(await store.findSession('s1', 4999)).toBeUndefined()
  })
})

describe('authenticate', () => {
  const bearer = newSecret()
  const session = newSecret()
  beforeEach(async () => {
    await store.savePerson(ann)
    await store.saveToken(token, bearer.hash)
    await store.saveSession(session.hash, 'p1', 5000)
  })

  it.each<[string, { authorization?: string; cookie?: string }, string | undefined]>([
    ['a good token', { authorization: `Bearer ${bearer.secret}` }, 'token'],
    ['a good session', { cookie: session.secret }, 'session'],
    ['a token in place of a session', { cookie: bearer.secret }, undefined],
    ['a session in place of a token', { authorization: `Bearer ${session.secret}` }, undefined],
    ['the stored hash itself', { authorization: `Bearer ${bearer.hash}` }, undefined],
    ['a bad token beside a good session', { authorization: 'Bearer wrong', cookie: session.secret }, undefined],
    ['another scheme', { authorization: `Basic ${bearer.secret}` }, undefined],
    ['a secret of a megabyte', { authorization: `Bearer ${'a'.repeat(1 << 20)}` }, undefined],
    ['nothing', {}, undefined],
  ])('%s', async (_label, given, kind) => {
    expect((await authenticate(given, store, 4000))?.kind).toBe(kind)
  })

  it('refuses a token of a disabled person', async () => {
    await store.savePerson({ ...ann, disabledAt: 1 })
    expect(await authenticate({ authorization: `Bearer ${bearer.secret}` }, store, 4000)).toBeUndefined()
  })

  it('keeps no plain secret in the database', async () => {
    const link = await createSignInLink(store, 'p1', 5000)
    const tables = ['token', 'session', 'sign_in_link']
    const rows = await Promise.all(tables.map((table) => administer(url, `SELECT * FROM ${table}`)))
    const text = JSON.stringify(rows)
    expect(text).toContain(bearer.hash)
    for (const secret of [bearer.secret, session.secret, link]) expect(text).not.toContain(secret)
    expect(await store.useSignInLink(hashSecret(link), 4000)).toEqual(ann)
  })

  it('compares secrets of any length', () => {
    expect(sameSecret('abc', 'abc')).toBe(true)
    expect(sameSecret('abc', 'abcd')).toBe(false)
    expect(newSecret('hook').secret).toMatch(/^hook_[\w-]{43}$/)
  })
})

describe('alerts', () => {
  const content: Omit<AlertRecord, 'id' | 'openedAt' | 'updatedAt' | 'version'> = {
    key: 'helm-failed r1',
    kind: 'helm-failed',
    severity: 'critical',
    release: 'r1',
    title: 'Upgrade failed',
    detail: 'x',
    nextStep: 'Look.',
  }

  it('are one incident per key until they recover', async () => {
    const { alert: opened, change } = await store.openAlert(content, 1000)
    expect(change).toBe('opened')
    expect(opened).toEqual({ ...content, id: opened.id, version: 1, openedAt: 1000, updatedAt: 1000 })
    expect(await store.openAlert(content, 2000)).toEqual({ alert: opened, change: 'none' })
    const changed = { ...opened, detail: 'y', version: 2, updatedAt: 3000 }
    expect(await store.openAlert({ ...content, detail: 'y' }, 3000)).toEqual({ alert: changed, change: 'updated' })
    const over = { ...changed, version: 3, recoveredAt: 4000, updatedAt: 4000 }
    expect(await store.recoverAlert(content.key, 4000)).toEqual(over)
    expect(await store.recoverAlert(content.key, 5000)).toBeUndefined()
    const { alert: again } = await store.openAlert(content, 6000)
    expect(again.id).not.toBe(opened.id)
    const recovered = await store.getAlert(opened.id)
    expect(recovered).toEqual(over)
    expect(await store.listAlerts({ limit: 10 })).toEqual([again, recovered])
    expect(await store.listAlerts({ open: true, limit: 10 })).toEqual([again])
    expect(await store.listAlerts({ open: false, limit: 10 })).toEqual([recovered])
    expect(await store.listAlerts({ limit: 1 })).toEqual([again])
  })

  it('are opened once by two at once', async () => {
    const both = await Promise.all([store.openAlert(content, 1000), store.openAlert(content, 1000)])
    expect(both[0]?.alert.id).toBe(both[1]?.alert.id)
    expect(await store.listAlerts({ limit: 10 })).toHaveLength(1)
  })

  it('are acknowledged by the first who does, as long as they are open', async () => {
    const { alert } = await store.openAlert(content, 1000)
    expect(await store.acknowledgeAlert(alert.id, 'ann@example.test', 2000)).toBe(true)
    expect(await store.acknowledgeAlert(alert.id, 'bea@example.test', 3000)).toBe(false)
    const acknowledged = { acknowledgedBy: 'ann@example.test', acknowledgedAt: 2000, version: 2 }
    expect(await store.getAlert(alert.id)).toMatchObject(acknowledged)
    await store.recoverAlert(content.key, 4000)
    const { alert: again } = await store.openAlert(content, 5000)
    await store.recoverAlert(content.key, 6000)
    expect(await store.acknowledgeAlert(again.id, 'ann@example.test', 7000)).toBe(false)
  })

  it('that are over come in pages', async () => {
    for (const at of [1000, 2000, 3000]) {
      await store.openAlert(content, at)
      await store.recoverAlert(content.key, at + 1)
    }
    await store.openAlert(content, 9000)
    const first = await store.listRecovered({ limit: 2 })
    const second = await store.listRecovered({ limit: 2, after: first.next })
    expect([...first.items, ...second.items].map(({ openedAt }) => openedAt)).toEqual([3000, 2000, 1000])
    expect(second.next).toBeUndefined()
  })
})

describe('settings', () => {
  it('keep a mode per environment', async () => {
    expect(await store.environmentModes()).toEqual({})
    await store.setEnvironmentMode('dev', 'act')
    await store.setEnvironmentMode('prod', 'act')
    await store.setEnvironmentMode('prod', 'observe')
    expect(await store.environmentModes()).toEqual({ dev: 'act', prod: 'observe' })
  })

  it.each([
    ['text', 'a'],
    ['a list', [1, 'b']],
    ['an object', { a: { b: null } }],
    ['false', false],
    ['zero', 0],
  ])('keep a fact that is %s', async (_label, value) => {
    await store.setFact('f', value)
    expect(await store.getFact('f')).toEqual(value)
  })

  it('tell of a fact only when it changes, and forget it when set to nothing', async () => {
    expect(await store.getFact('f')).toBeUndefined()
    await store.setFact('f', { a: 1, b: 2 })
    await store.setFact('f', { b: 2, a: 1 })
    expect(await store.sequenceOutbox()).toBe(1)
    await store.setFact('f', undefined)
    expect(await store.getFact('f')).toBeUndefined()
    expect(await store.sequenceOutbox()).toBe(1)
  })
})
