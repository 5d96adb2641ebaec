import { describe, expect, it } from 'vitest'
import { duration, relativeTime, withDirection } from './time.ts'

describe('relativeTime', () => {
  const now = Date.UTC(2026, 10, 24, 12)
  it.each([
    ['a moment ago', 3_000, 'just now'],
    ['seconds', 41_900, '41 s'],
    ['minutes', 4 * 60_000 + 59_000, '4 min'],
    ['hours', 2 * 3_600_000, '2 h'],
    ['days', 9 * 86_400_000, '9 d'],
    ['the future', -4 * 60_000, '4 min'],
    ['long ago', 100 * 86_400_000, '16 Aug 2026'],
  ])('%s', (_, ago, words) => {
    expect(relativeTime(now - ago, now)).toBe(words)
  })
})

describe('withDirection', () => {
  it.each([
    ['the past', '4 min', false, '4 min ago'],
    ['the future', '4 min', true, 'in 4 min'],
    ['now has none', 'just now', false, 'just now'],
    ['a date needs none', '16 Aug 2026', true, '16 Aug 2026'],
  ] as const)('%s', (_, words, future, text) => {
    expect(withDirection(words, future)).toBe(text)
  })
})

describe('duration', () => {
  it.each([
    ['hundredths below ten seconds', 210, '0.21 s'],
    ['whole seconds', 14_600, '14 s'],
    ['minutes and seconds', 185_000, '3 min 05 s'],
    ['hours and minutes', 7_860_000, '2 h 11 min'],
    ['days and hours', 100 * 3_600_000, '4 d 4 h'],
    ['a clock that went backwards', -5, '0 s'],
  ])('%s', (_, ms, words) => {
    expect(duration(ms)).toBe(words)
  })
})
