import { describe, expect, it } from 'vitest'
import { oneFailureLess, oneMoreFailure, waitMs, type ThrottleLimits } from './throttle.ts'

const limits: ThrottleLimits = { free: 3, firstMs: 1000, longestMs: 10_000, forgetMs: 100_000 }

describe('waitMs', () => {
  it.each([
    ['nothing was tried', undefined, 0],
    ['the free failures', { failures: 2, lastAt: 50_000 }, 0],
    ['the first that costs', { failures: 3, lastAt: 50_000 }, 1000],
    ['the next costs double', { failures: 4, lastAt: 50_000 }, 2000],
    ['never more than the longest', { failures: 60, lastAt: 50_000 }, 10_000],
    ['part of the time has passed', { failures: 4, lastAt: 49_500 }, 1500],
    ['all of it has passed', { failures: 4, lastAt: 48_000 }, 0],
    ['a failure noted by a clock ahead of ours', { failures: 4, lastAt: 60_000 }, 2000],
    ['long forgotten', { failures: 60, lastAt: -50_000 }, 0],
  ])('%s', (_label, seen, want) => {
    expect(waitMs(limits, seen, 50_000)).toBe(want)
  })
})

describe('failures', () => {
  it.each([
    ['the first', undefined, { failures: 1, lastAt: 50_000 }],
    ['another', { failures: 4, lastAt: 1 }, { failures: 5, lastAt: 50_000 }],
    ['one after all was forgotten', { failures: 4, lastAt: -50_000 }, { failures: 1, lastAt: 50_000 }],
  ])('count: %s', (_label, seen, want) => {
    expect(oneMoreFailure(limits, seen, 50_000)).toEqual(want)
  })

  it.each([
    ['the only one', { failures: 1, lastAt: 5 }, undefined],
    ['one of several', { failures: 4, lastAt: 5 }, { failures: 3, lastAt: 5 }],
    ['none that is known', undefined, undefined],
  ])('are taken back: %s', (_label, seen, want) => {
    expect(oneFailureLess(seen)).toEqual(want)
  })
})
