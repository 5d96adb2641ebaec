import { describe, expect, it, vi } from 'vitest'
import type { Log } from '#lib/ports/log.ts'
import { keyedQueue } from './keyed-queue.ts'

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent }
const clock = { now: () => Date.now() }

function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open, opened }
}

describe('keyedQueue', () => {
  it('runs a key once more when it is woken while running, and never twice at once', async () => {
    const first = gate()
    const done = gate()
    let active = 0
    let most = 0
    let runs = 0
    const queue = keyedQueue({
      name: 'test',
      concurrency: 4,
      log: silent,
      clock,
      async run() {
        most = Math.max(most, ++active)
        runs++
        if (runs === 1) await first.opened
        active--
        if (runs === 2) done.open()
      },
    })
    queue.wake('a')
    queue.wake('a')
    queue.wake('a')
    first.open()
    await done.opened
    await queue.stop()
    expect({ runs, most }).toEqual({ runs: 2, most: 1 })
  })

  it('keeps to its concurrency over many keys', async () => {
    let active = 0
    let most = 0
    let finished = 0
    const all = gate()
    const queue = keyedQueue({
      name: 'test',
      concurrency: 3,
      log: silent,
      clock,
      async run() {
        most = Math.max(most, ++active)
        await Promise.resolve()
        active--
        if (++finished === 20) all.open()
      },
    })
    for (let i = 0; i < 20; i++) queue.wake(`k${i}`)
    await all.opened
    await queue.stop()
    expect(most).toBe(3)
  })

  it('tells when keys are idle, also when they ran again meanwhile', async () => {
    const first = gate()
    let runs = 0
    const queue = keyedQueue({
      name: 'test',
      concurrency: 2,
      log: silent,
      clock,
      async run(key) {
        if (key === 'a') runs++
        if (runs === 1) await first.opened
      },
    })
    await queue.idle(['a', 'b'])
    queue.wake('a')
    queue.wake('a')
    const idle = queue.idle(['a', 'b']).then(() => runs)
    first.open()
    expect(await idle).toBe(2)
    await queue.stop()
  })

  it('quarantines a key that throws three times, and a new wake-up tries again', async () => {
    vi.useFakeTimers()
    try {
      const quarantined: string[] = []
      let runs = 0
      const queue = keyedQueue({
        name: 'test',
        concurrency: 1,
        log: silent,
        clock,
        async run() {
          runs++
          throw new Error('broken')
        },
        onQuarantine: (key) => quarantined.push(key),
      })
      queue.wake('bad')
      await vi.advanceTimersByTimeAsync(120_000)
      expect({ runs, quarantined }).toEqual({ runs: 3, quarantined: ['bad'] })
      queue.wake('bad')
      await vi.advanceTimersByTimeAsync(0)
      expect(runs).toBe(4)
      await queue.stop()
    } finally {
      vi.useRealTimers()
    }
  })

  it('tries a quarantined key again after its rest, so that a repository that refused us is not forgotten', async () => {
    vi.useFakeTimers()
    try {
      const runs: number[] = []
      let refused = true
      const queue = keyedQueue({
        name: 'test',
        concurrency: 1,
        log: silent,
        clock,
        restMs: 300_000,
        async run() {
          runs.push(Date.now())
          if (refused) throw new Error('403')
        },
      })
      queue.wake('a')
      await vi.advanceTimersByTimeAsync(299_000)
      expect(runs).toHaveLength(3)
      refused = false
      await vi.advanceTimersByTimeAsync(3_000)
      expect(runs).toHaveLength(4)
      expect(Number(runs[3]) - Number(runs[2])).toBe(300_000)
      await vi.advanceTimersByTimeAsync(600_000)
      expect(runs).toHaveLength(4)
      await queue.stop()
    } finally {
      vi.useRealTimers()
    }
  })

  it('goes on retrying a fault that may pass', async () => {
    vi.useFakeTimers()
    try {
      let runs = 0
      const queue = keyedQueue({
        name: 'test',
        concurrency: 1,
        log: silent,
        clock,
        async run() {
          runs++
          throw Object.assign(new Error('away'), { retryable: true })
        },
      })
      queue.wake('a')
      await vi.advanceTimersByTimeAsync(200_000)
      expect(runs).toBeGreaterThan(5)
      await queue.stop()
    } finally {
      vi.useRealTimers()
    }
  })

  it('gathers wakes of one moment into one run, and what comes while that runs into the next', async () => {
    vi.useFakeTimers()
    const first = gate()
    const at: number[] = []
    const from = Date.now()
    const queue = keyedQueue({
      name: 'test',
      concurrency: 1,
      gatherMs: 100,
      log: silent,
      clock,
      async run() {
        at.push(Date.now() - from)
        if (at.length === 1) await first.opened
      },
    })
    queue.wake('a')
    await vi.advanceTimersByTimeAsync(60)
    queue.wake('a')
    queue.wakeAt('a', Date.now() + 10_000)
    await vi.advanceTimersByTimeAsync(60)
    expect(at).toEqual([100])
    queue.wake('a')
    first.open()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(at).toEqual([100, 220])
    await queue.stop()
    vi.useRealTimers()
  })
})

describe('slots', () => {
  it('gives the slot of a run that takes long to another', async () => {
    vi.useFakeTimers()
    const long = gate()
    const begun: string[] = []
    const queue = keyedQueue({
      name: 'test',
      concurrency: 1,
      slotMs: 5_000,
      log: silent,
      clock,
      async run(key) {
        begun.push(key)
        if (key === 'waits') await long.opened
      },
    })
    queue.wake('waits')
    queue.wake('other')
    await vi.advanceTimersByTimeAsync(4_000)
    expect(begun).toEqual(['waits'])
    await vi.advanceTimersByTimeAsync(2_000)
    expect(begun).toEqual(['waits', 'other'])
    long.open()
    await queue.stop()
    vi.useRealTimers()
  })
})
