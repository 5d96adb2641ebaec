import { describe, expect, it } from 'vitest'
import type { Alert } from '#lib/api/alerts.ts'
import type { GuardedEnvironment } from '#lib/api/gates.ts'
import type { Me } from '#lib/api/me.ts'
import type { Gate, ListedPromotion } from '#lib/api/promotions.ts'
import type { Deletion } from '#lib/api/release-schemas.ts'
import { inboxOf, type InboxSeen } from './inbox-items.ts'

const now = 100 * 24 * 60 * 60 * 1000
const hourMs = 60 * 60 * 1000

const person = (name: string, roles: Me['roles']): Me => ({
  id: name,
  email: `${name}@test`,
  name,
  roles,
  via: 'session',
  hasPassword: true,
})
const ann = person('ann', { '*': 'approver' })

const approvals = (more: Partial<Gate> = {}): Gate => ({
  gate: 'approvals',
  verdict: 'waiting',
  evidence: '1 of 1 approval is missing.',
  whoCould: [{ act: 'approve', roles: ['approver'], except: [{ name: 'bob', because: 'requester' }] }],
  ...more,
})

const promotion = (more: Partial<ListedPromotion> = {}): ListedPromotion => ({
  id: 'pro-1',
  release: 'rel-1',
  application: 'podinfo',
  from: 'stg',
  to: 'prod',
  way: 'retag',
  state: 'waiting',
  reason: 'It waits.',
  planDigest: 'd',
  images: [],
  requester: { name: 'bob', emails: ['bob@test'] },
  authors: [],
  createdAt: now - 3 * hourMs,
  since: now - 2 * hourMs,
  waitsFor: [approvals()],
  approvedBy: [],
  ...more,
})

const nothing: InboxSeen = { open: [], latest: [], gates: [], deletions: [], alerts: [] }
const told = (seen: Partial<InboxSeen>, me: Me) =>
  inboxOf({ ...nothing, ...seen }, me, now).flatMap(({ title, items }) =>
    items.map(({ subject, href }) => `${title}: ${subject} ${href}`),
  )

describe('approvals', () => {
  const wanted = ['Approvals: podinfo /promotions/pro-1']
  it.each<[string, ListedPromotion, Me, string[]]>([
    ['come to who may', promotion(), ann, wanted],
    ['come to a greater role', promotion(), person('adam', { '*': 'admin' }), wanted],
    ['come to who may in this environment alone', promotion(), person('ann', { prod: 'approver' }), wanted],
    ['not to who may in another', promotion(), person('ann', { stg: 'approver' }), []],
    ['not to a deployer', promotion(), person('dan', { '*': 'deployer' }), []],
    ['not to who asked for it', promotion(), person('bob', { '*': 'approver' }), []],
    ['not to who approved it already', promotion({ approvedBy: ['ann@test'] }), ann, []],
    ['not before somebody agreed to the plan', promotion({ state: 'planned' }), ann, []],
    ['not where only time is waited for', promotion({ waitsFor: [approvals({ gate: 'soak' })] }), ann, []],
    ['not once rejected', promotion({ waitsFor: [approvals({ verdict: 'refused' })] }), ann, []],
    [
      'not where admins alone are asked',
      promotion({ waitsFor: [approvals({ whoCould: [{ act: 'approve', roles: ['admin'], except: [] }] })] }),
      ann,
      [],
    ],
  ])('%s', (_, one, me, want) => {
    expect(told({ open: [one] }, me)).toEqual(want)
  })
})

describe('loosened gates', () => {
  const guarded = (more: Partial<NonNullable<GuardedEnvironment['loosening']>> = {}): GuardedEnvironment => ({
    environment: 'prod',
    gates: [],
    loosening: {
      digest: 'g',
      commit: 'abcdef0123',
      author: { name: 'Bob', email: 'bob@test' },
      since: now - hourMs,
      what: ['no approval any more'],
      reason: '',
      approvals: [],
      askedOf: { roles: ['approver'], separate: ['author'] },
      ...more,
    },
  })
  const wanted = ['Loosened gates: prod /promotions#loosened-gates']
  const said = { name: 'ann', email: 'ann@test', decision: 'approve', at: now } as const
  it.each<[string, GuardedEnvironment, Me, string[]]>([
    ['come to who may', guarded(), ann, wanted],
    ['not to who wrote them', guarded(), person('bob', { '*': 'approver' }), []],
    ['not to who said something already', guarded({ approvals: [said] }), ann, []],
    ['not where no approval would help', guarded({ askedOf: undefined }), ann, []],
    ['not where nothing is loosened', { environment: 'prod', gates: [] }, ann, []],
  ])('%s', (_, one, me, want) => {
    expect(told({ gates: [one] }, me)).toEqual(want)
  })
})

describe('deletions, holds and rollbacks', () => {
  const deletion: Deletion = {
    id: 'del-1',
    object: 'prod:helmrelease/redis',
    kind: 'HelmRelease',
    environment: 'prod',
    path: 'releases/prod/redis.yaml',
    commit: 'abcdef0123',
    state: 'waiting',
    createdAt: now - hourMs,
  }
  const alert = (kind: string): Alert => ({
    id: kind,
    kind,
    severity: 'warning',
    release: 'rel-1',
    environment: 'prod',
    title: 'Something',
    detail: 'Is so.',
    nextStep: 'Do it.',
    openedAt: now - hourMs,
    updatedAt: now,
  })
  const seen = {
    deletions: [deletion, { ...deletion, id: 'del-2', state: 'done' as const }],
    alerts: [alert('hold-expired'), alert('git-disagrees'), alert('release-failed')],
  }
  const held = [
    'Holds and rollbacks: Something /releases/rel-1?do=unlock',
    'Holds and rollbacks: Something /releases/rel-1',
  ]
  it.each<[string, Me, string[]]>([
    ['come to who may', ann, ['Deletions: redis /repository#deletions', ...held]],
    ['come to a deployer without deletions', person('dan', { '*': 'deployer' }), held],
    ['not to a viewer', person('vic', { '*': 'viewer' }), []],
  ])('%s', (_, me, want) => {
    expect(told(seen, me)).toEqual(want)
  })
})

describe('promotions that ended badly', () => {
  const bob = person('bob', { '*': 'deployer' })
  const failed = promotion({ state: 'failed', endedAt: now - hourMs, waitsFor: [] })
  const wanted = ['Your promotions: podinfo /promotions/pro-1']
  it.each<[string, ListedPromotion[], Me, string[]]>([
    ['come to who asked for them', [failed], bob, wanted],
    ['not to another', [failed], ann, []],
    ['not after a day', [{ ...failed, endedAt: now - 25 * hourMs }], bob, []],
    ['not where all went well', [{ ...failed, state: 'verified' }], bob, []],
    ['not where they took it back themselves', [{ ...failed, reason: 'Taken back by bob. Promote again.' }], bob, []],
    ['not once it was tried again', [promotion({ id: 'pro-2', createdAt: now }), failed], bob, []],
  ])('%s', (_, latest, me, want) => {
    expect(told({ latest }, me)).toEqual(want)
  })
})

it('the longest wait stands first', () => {
  const open = [promotion(), promotion({ id: 'pro-0', application: 'redis', since: now - 9 * hourMs })]
  expect(told({ open }, ann)).toEqual(['Approvals: redis /promotions/pro-0', 'Approvals: podinfo /promotions/pro-1'])
})
