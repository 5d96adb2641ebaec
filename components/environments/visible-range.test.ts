import { describe, expect, it } from 'vitest'
import { visibleRange } from './visible-range.ts'

const heights = [10, 20, 30, 40]

describe('visibleRange', () => {
  it.each([
    ['from the top', 0, 25, { from: 0, to: 2, above: 0, below: 70 }],
    ['from the middle of one', 15, 35, { from: 1, to: 3, above: 10, below: 40 }],
    ['an edge belongs to the next', 10, 30, { from: 1, to: 2, above: 10, below: 70 }],
    ['above all', -50, -10, { from: 0, to: 0, above: 0, below: 100 }],
    ['below all', 200, 300, { from: 4, to: 4, above: 100, below: 0 }],
  ])('%s', (_, top, bottom, range) => {
    expect(visibleRange(heights, top, bottom)).toEqual(range)
  })

  it('covers everything whatever is seen', () => {
    const { from, to, above, below } = visibleRange(heights, 33, 57)
    expect(above + below + heights.slice(from, to).reduce((sum, one) => sum + one, 0)).toBe(100)
  })
})
