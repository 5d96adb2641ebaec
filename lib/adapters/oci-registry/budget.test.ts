import { describe, expect, it } from 'vitest'
import { Budget } from './budget.ts'

const minute = 60_000

describe('Budget', () => {
  it('lets a burst through, then spaces requests out', () => {
    const budget = new Budget({ requestsPerSecond: 10, burst: 3 }, 0)
    const waits = Array.from({ length: 5 }, () => budget.admit(0)).map((a) => (a.kind === 'go' ? a.afterMs : a.kind))
    expect(waits).toEqual([0, 0, 0, 100, 200])
    expect(budget.admit(10_000)).toEqual({ kind: 'go', afterMs: 0 })
  })

  it('pauses after a 429 and halves its rate once for one complaint', () => {
    const budget = new Budget({ requestsPerSecond: 8, burst: 1 }, 0)
    budget.slowDown(0, 5000)
    budget.slowDown(10, 4000)
    expect(budget.requestsPerSecond).toBe(4)
    expect(budget.admit(1000)).toEqual({ kind: 'paused', forMs: 4000 })
    expect(budget.admit(5000)).toMatchObject({ kind: 'go' })
  })

  it('never falls below one request in ten seconds', () => {
    const budget = new Budget({ requestsPerSecond: 1, burst: 1 }, 0)
    for (let round = 0; round < 20; round += 1) budget.slowDown(round * minute, 1000)
    expect(budget.requestsPerSecond).toBe(0.1)
  })

  it('recovers step by step after 20 calm minutes, up to its full rate', () => {
    const budget = new Budget({ requestsPerSecond: 10, burst: 1 }, 0)
    budget.slowDown(0, 0)
    budget.admit(19 * minute)
    expect(budget.requestsPerSecond).toBe(5)
    budget.admit(20 * minute)
    expect(budget.requestsPerSecond).toBe(7.5)
    budget.admit(90 * minute)
    expect(budget.requestsPerSecond).toBe(10)
  })

  it('stands a clock that jumps back', () => {
    const budget = new Budget({ requestsPerSecond: 10, burst: 2 }, 10_000)
    expect(budget.admit(0)).toEqual({ kind: 'go', afterMs: 0 })
    expect(budget.admit(100)).toEqual({ kind: 'go', afterMs: 0 })
  })
})
