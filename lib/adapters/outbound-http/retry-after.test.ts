import { describe, expect, it } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const now = Date.parse('2018-11-05T00:00:00Z')

describe('retryAfterMs', () => {
  it.each([
    ['no header', null, undefined],
    ['seconds', '120', 120_000],
    ['zero', '0', 0],
    ['a date', 'Mon, 05 Nov 2018 00:00:30 GMT', 30_000],
    ['a date that has passed', 'Sun, 04 Nov 2018 00:00:00 GMT', 0],
    ['far too long', '86400', 900_000],
    ['garbage', 'soon', undefined],
  ])('%s', (_label, header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected)
  })
})
