import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AlertRecord, PersonRecord, Store, TokenRecord } from '#lib/ports/store/index.ts'
import { openTestStore, startTestDatabase } from '#test/fixtures/test-database.ts'
import type { TestDatabase } from '#test/fixtures/test-database.ts'

let database: TestDatabase
let store: Store
beforeAll(async () => {
  database = await startTestDatabase()
})
beforeEach(async () => {
  ;({ store } = await openTestStore(await database.fresh()))
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

  it('are changed by one at a time', async () => {
    await store.savePerson({ ...ann, name: '' })
    // Whoever read before another has written would lose the other's letter.
    const add = (letter: string) =>
      store.transaction(async (inner) => {
        const [seen] = await inner.holdPeople()
        if (seen) await inner.savePerson({ ...seen, name: `${seen.name}${letter}` })
      })
    await Promise.all(['a', 'b', 'c', 'd'].map(add))
    expect([...((await store.getPerson('p1'))?.name ?? '')].sort().join('')).toBe('abcd')
  })

  it('go with all that is theirs', async () => {
    await store.savePerson(ann)
    await store.saveToken(token, 'hash')
    await store.saveSignInLink('link', 'p1', 5000)
    await store.removePerson('p1')
    expect(await store.listPeople()).toEqual([])
    expect(await store.listTokens()).toEqual([])
    expect(await store.useSignInLink('link', 1000)).toBeUndefined()
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

describe('sign-in links', () => {
  beforeEach(() => store.savePerson(ann))

  it('work once, even for two at once', async () => {
    await store.saveSignInLink('hash', 'p1', 5000)
    const used = await Promise.all([store.useSignInLink('hash', 1000), store.useSignInLink('hash', 1000)])
    expect(used.filter(Boolean)).toEqual([ann])
    expect(await store.useSignInLink('hash', 1000)).toBeUndefined()
  })

  it('work neither late nor for a disabled person', async () => {
    await store.saveSignInLink('late', 'p1', 5000)
    expect(await store.useSignInLink('late', 5000)).toBeUndefined()
    await store.saveSignInLink('disabled', 'p1', 5000)
    await store.savePerson({ ...ann, disabledAt: 1 })
    expect(await store.useSignInLink('disabled', 1000)).toBeUndefined()
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
