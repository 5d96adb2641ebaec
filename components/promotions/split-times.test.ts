import { describe, expect, it } from 'vitest'
import { splitTimes, timeWords } from './split-times.ts'

describe('splitTimes', () => {
  it.each<[string, string, (string | number)[]]>([
    ['no time', '1 of 1 approval is missing.', ['1 of 1 approval is missing.']],
    ['one in the middle', 'since 1970-01-01T00:00:01.500Z: ready', ['since ', 1500, ': ready']],
    ['two, one at the end', '1970-01-01T00:00:01Z to 1970-01-01T01:00:02+01:00', [1000, ' to ', 2000]],
    ['a date alone stays', 'on 2026-11-25.', ['on 2026-11-25.']],
  ])('%s', (_, text, parts) => {
    expect(splitTimes(text)).toEqual(parts)
  })
})

describe('timeWords', () => {
  const at = new Date(2026, 10, 24, 19, 36).getTime()
  it.each([
    ['the same day', new Date(2026, 10, 24, 1).getTime(), '19:36'],
    ['another day', new Date(2026, 10, 25, 1).getTime(), 'Tue 24 Nov, 19:36'],
  ])('%s', (_, now, words) => {
    expect(timeWords(at, now)).toBe(words)
  })
})
