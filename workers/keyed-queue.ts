import type { Clock } from '#lib/ports/clock.ts'
import type { Log } from '#lib/ports/log.ts'

/** Failures in a row after which a key rests until it is woken by something new. */
const quarantineAfter = 3

export interface KeyedQueue {
  /** Runs the key soon; once more if it is running now. Ends its quarantine. */
  wake(key: string): void
  /** Runs the key at that time (milliseconds since the epoch) unless woken earlier. */
  wakeAt(key: string, at: number): void
  /** Waits for what runs, starts nothing new. */
  stop(): Promise<void>
}

interface Lane {
  state: 'queued' | 'running' | 'running-again'
}

/**
 * Work by key: never twice at the same time for one key, at most `concurrency` at once, woken instead of polling.
 * A run that throws is tried again with growing delay; after three throws in a row the key is quarantined and
 * `onQuarantine` is told, so that one bad resource cannot take the loop down.
 */
export function keyedQueue(options: {
  name: string
  concurrency: number
  run(key: string): Promise<void>
  onQuarantine?(key: string, error: unknown): void
  log: Log
  clock: Clock
}): KeyedQueue {
  const lanes = new Map<string, Lane>()
  const waiting: string[] = []
  const timers = new Map<string, NodeJS.Timeout>()
  const failures = new Map<string, number>()
  const running = new Set<Promise<void>>()
  let stopped = false

  function later(key: string, delayMs: number) {
    clearTimeout(timers.get(key))
    // setTimeout overflows above 2^31-1 ms; a day is long enough, the key then asks again.
    const timer = setTimeout(
      () => {
        timers.delete(key)
        enqueue(key)
      },
      Math.min(Math.max(delayMs, 0), 86_400_000),
    )
    timer.unref()
    timers.set(key, timer)
  }

  function enqueue(key: string) {
    if (stopped) return
    const lane = lanes.get(key)
    if (lane) {
      if (lane.state === 'running') lane.state = 'running-again'
      return
    }
    lanes.set(key, { state: 'queued' })
    waiting.push(key)
    pump()
  }

  function pump() {
    while (!stopped && running.size < options.concurrency && waiting.length > 0) {
      const key = waiting.shift() as string
      const lane = lanes.get(key) as Lane
      lane.state = 'running'
      const run = runOnce(key).finally(() => {
        running.delete(run)
        const again = lane.state === 'running-again'
        lanes.delete(key)
        if (again) enqueue(key)
        pump()
      })
      running.add(run)
    }
  }

  async function runOnce(key: string) {
    clearTimeout(timers.get(key))
    timers.delete(key)
    try {
      await options.run(key)
      failures.delete(key)
    } catch (error) {
      const count = (failures.get(key) ?? 0) + 1
      failures.set(key, count)
      const retryable = (error as { retryable?: boolean }).retryable === true
      options.log.warn('loop run failed', { loop: options.name, key, count, error: String(error) })
      if (!retryable && count >= quarantineAfter) options.onQuarantine?.(key, error)
      else later(key, Math.min(200 * 2 ** count, 30_000))
    }
  }

  return {
    wake(key) {
      failures.delete(key)
      enqueue(key)
    },
    wakeAt(key, at) {
      if (!stopped) later(key, at - options.clock.now())
    },
    async stop() {
      stopped = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.allSettled(running)
    },
  }
}
