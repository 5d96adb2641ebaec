import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '#lib/api/audit.ts'
import { groupByOperation, stateOfEvent, withoutSettledIntents, wordsOfKind } from './event-look.ts'

const event = (seq: number, operation?: string): AuditEvent => ({
  seq,
  at: seq,
  kind: 'x.y',
  actor: 'a',
  subject: 's',
  operation,
  data: {},
  previousHash: '',
  hash: '',
})

describe('stateOfEvent', () => {
  it.each([
    ['an outcome is good', 'commit.done', 'ok'],
    ['a failure is bad', 'upgrade.failed', 'bad'],
    ['an intent alone says nothing', 'upgrade.intent', 'none'],
    ['a lock is a hold', 'policy.locked', 'held'],
  ])('%s', (_, kind, state) => {
    expect(stateOfEvent({ kind })).toBe(state)
  })
})

describe('wordsOfKind', () => {
  it('splits noun and what', () => {
    expect(wordsOfKind('upgrade.hook-failed')).toEqual({ noun: 'upgrade', what: 'hook failed' })
  })
})

describe('withoutSettledIntents', () => {
  it('drops an intent whose outcome is there, keeps one still open', () => {
    const events = [
      { ...event(3), kind: 'upgrade.intent', intent: 'b' },
      { ...event(2), kind: 'commit.done', intent: 'a' },
      { ...event(1), kind: 'commit.intent', intent: 'a' },
    ]
    expect(withoutSettledIntents(events).map((one) => one.seq)).toEqual([3, 2])
  })
})

describe('withoutSettledIntents, several operations of one Helm run', () => {
  it('drops the intent of each whose outcome is there', () => {
    const run = (seq: number, kind: string, operation: string, intent?: string) => ({
      ...event(seq, operation),
      kind,
      intent,
      data: { attempt: 'try-1' },
    })
    const events = [
      run(4, 'upgrade.done', 'b'),
      run(3, 'upgrade.done', 'a', 'i'),
      run(2, 'upgrade.intent', 'b'),
      run(1, 'upgrade.intent', 'a', 'i'),
    ]
    expect(withoutSettledIntents(events).map((one) => one.seq)).toEqual([4, 3])
  })
})

describe('groupByOperation', () => {
  it('keeps an operation together where its newest event stands', () => {
    const groups = groupByOperation([event(5, 'a'), event(4), event(3, 'b'), event(2, 'a'), event(1)])
    expect(groups.map((group) => group.events.map((one) => one.seq))).toEqual([[5, 2], [4], [3], [1]])
  })
})
