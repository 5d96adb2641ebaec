import { describe, expect, it } from 'vitest'
import type { Gate, Promotion } from '#lib/api/promotions.ts'
import {
  arrangePromotions,
  searchPromotions,
  separatedBecause,
  shortDigest,
  shortWords,
  whoCouldOpen,
} from './promotion-state.ts'

const promotion = (id: string, createdAt: number, more: Partial<Promotion> = {}): Promotion => ({
  id,
  release: 'rel',
  application: 'podinfo',
  from: 'dev',
  to: 'stg',
  way: 'retag',
  state: 'waiting',
  reason: '',
  planDigest: 'd',
  images: [{ container: 'app', repository: 'reg.test/podinfo', tag: 'stg-a1', digest: 'sha256:1' }],
  authors: [],
  createdAt,
  since: createdAt,
  waitsFor: [],
  ...more,
})
const ended = { state: 'verified', endedAt: 9 } as const

describe('arrangePromotions', () => {
  it('puts open ones first, then the newest, and each once', () => {
    const open = [promotion('old-open', 1)]
    const all = [promotion('newest', 5, ended), promotion('newer', 4, ended), ...open]
    expect(arrangePromotions(open, all).map(({ id }) => id)).toEqual(['old-open', 'newest', 'newer'])
  })
})

describe('searchPromotions', () => {
  it.each([
    ['by environment and state', 'prod verified', ['b']],
    ['by tag', 'STG-A1', ['a', 'b']],
    ['nothing asked', '', ['a', 'b']],
    ['nothing fits', 'redis', []],
  ])('%s', (_, filter, ids) => {
    const all = [promotion('a', 1), promotion('b', 2, { to: 'prod', ...ended })]
    expect(searchPromotions(all, filter).map(({ id }) => id)).toEqual(ids)
  })
})

describe('who could open a gate', () => {
  const gate: Gate = {
    gate: 'approvals',
    verdict: 'waiting',
    evidence: '',
    whoCould: [{ act: 'approve', roles: ['approver', 'admin'], except: [{ name: 'ann', because: 'requester' }] }],
  }
  it('names roles, and who is left out and why', () => {
    expect(whoCouldOpen(gate)).toEqual(['Can approve: approver or admin, but not ann, who asked for it.'])
  })
  it.each([
    ['ann', 'Not you: you asked for it.'],
    ['bob', undefined],
  ])('tells %s', (name, because) => {
    expect(separatedBecause({ gates: [gate] }, name)).toBe(because)
  })
})

describe('shortDigest', () => {
  it('keeps both ends', () => {
    expect(shortDigest(`sha256:9b1e${'0'.repeat(56)}44f0`)).toBe('sha256:9b1e…44f0')
  })
})

describe('shortWords', () => {
  const waits = (...gates: Gate['gate'][]) => gates.map((gate): Gate => ({ gate, verdict: 'waiting', evidence: '' }))
  it.each<[string, Partial<Promotion>, string]>([
    ['a person before the clock', { waitsFor: waits('soak', 'approvals') }, 'Needs approval'],
    ['the clock alone', { waitsFor: waits('soak') }, 'Soaking'],
    ['a person before a machine', { waitsFor: waits('checks', 'approvals') }, 'Needs approval'],
    ['a machine before the clock', { waitsFor: waits('soak', 'checks') }, 'Needs checks'],
    ['something else than a gate', {}, 'Waiting'],
    ['nothing but a click', { state: 'approved' }, 'Ready'],
    ['its gates, which are open', { state: 'approved', applied: { by: 'ann', at: 1 } }, 'Gates open'],
    ['not while it is only planned', { state: 'planned', waitsFor: waits('approvals') }, 'Planned'],
  ])('%s', (_, more, words) => {
    expect(shortWords(promotion('a', 1, more))).toBe(words)
  })
})
