import { expect, it } from 'vitest'
import { nextBeat, type Beat } from './heartbeat.ts'

const last = (outcome: Beat['outcome']): Beat => ({ at: 1000, outcome, reason: '' })

it.each<[string, Beat | undefined, number]>([
  ['the first is due at once', undefined, 5000],
  ['the next after its minutes', last('sent'), 301_000],
  ['one that failed after a minute', last('failed'), 61_000],
])('%s', (_label, before, due) => expect(nextBeat({ everyMinutes: 5 }, before, 5000)).toBe(due))
