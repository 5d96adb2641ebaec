import type { Clock } from '#lib/ports/clock.ts'
import type { Log } from '#lib/ports/log.ts'

/** Failures in a row after which a key rests until it is woken by something new. */
const quarantineAfter = 3

export interface KeyedQueue {
  /** Runs the key soon; once more if it is running now. Ends its quarantine. */
  wake(key: string): void
  /** Runs the key at that time (milliseconds since the epoch) unless woken earlier. */
  wakeAt(key: string, at: number): void
  /** Resolves once none of these keys is waiting or running. */
  idle(keys: readonly string[]): Promise<void>
  /** Waits for what runs, starts nothing new. */
  stop(): Promise<void>
}

interface Options {
  name: string
  concurrency: number
  run(key: string): Promise<void>
  onQuarantine?(key: string, error: unknown): void
  /** Milliseconds that a woken key waits for more of the same, so that they come to one run; absent = none. */
  gatherMs?: number
  /** Milliseconds after which a run no longer takes one of the `concurrency` slots; absent = it always does. */
  slotMs?: number
  /** Milliseconds until a quarantined key is tried once more although nothing woke it; absent = never. */
  restMs?: number
  log: Log
  clock: Clock
}

/**
 * Work by key: never twice at the same time for one key, at most `concurrency` at once, woken instead of polling.
 * A run that throws is tried again with growing delay; after three throws in a row the key is quarantined and
 * `onQuarantine` is told, so that one bad resource cannot take the loop down.
 */
export function keyedQueue(options: Options): KeyedQueue {
  return new Lanes(options)
}

class Lanes implements KeyedQueue {
  readonly #options: Options
  readonly #states = new Map<string, 'queued' | 'running' | 'running-again'>()
  readonly #waiting: string[] = []
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #gathering = new Set<string>()
  readonly #failures = new Map<string, number>()
  readonly #running = new Set<Promise<void>>()
  /** Keys whose runs take a slot. */
  readonly #slots = new Set<string>()
  readonly #onIdle = new Set<() => void>()
  #stopped = false

  constructor(options: Options) {
    this.#options = options
  }

  wake(key: string): void {
    this.#failures.delete(key)
    this.#gather(key)
  }

  wakeAt(key: string, at: number): void {
    // What gathers runs sooner.
    if (!this.#stopped && !this.#gathering.has(key)) this.#later(key, at - this.#options.clock.now())
  }

  idle(keys: readonly string[]): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.#stopped && keys.some((key) => this.#states.has(key))) return
        this.#onIdle.delete(look)
        resolve()
      }
      this.#onIdle.add(look)
      look()
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const timer of this.#timers.values()) clearTimeout(timer)
    await Promise.allSettled(this.#running)
    for (const look of this.#onIdle) look()
  }

  /** The first wake starts the time; those that follow do not put it off. */
  #gather(key: string): void {
    const { gatherMs } = this.#options
    if (gatherMs === undefined || this.#states.has(key)) return this.#enqueue(key)
    if (this.#gathering.has(key) || this.#stopped) return
    this.#gathering.add(key)
    this.#later(key, gatherMs)
  }

  #later(key: string, delayMs: number): void {
    clearTimeout(this.#timers.get(key))
    // setTimeout overflows above 2^31-1 ms; a day is long enough, the key then asks again.
    const timer = setTimeout(
      () => {
        this.#timers.delete(key)
        this.#enqueue(key)
      },
      Math.min(Math.max(delayMs, 0), 86_400_000),
    )
    timer.unref()
    this.#timers.set(key, timer)
  }

  #enqueue(key: string): void {
    if (this.#stopped) return
    const state = this.#states.get(key)
    if (state === 'running') this.#states.set(key, 'running-again')
    if (state !== undefined) return
    this.#states.set(key, 'queued')
    this.#waiting.push(key)
    this.#pump()
  }

  #pump(): void {
    while (!this.#stopped && this.#slots.size < this.#options.concurrency) {
      const key = this.#waiting.shift()
      if (key === undefined) return
      this.#states.set(key, 'running')
      const timer = this.#takeSlot(key)
      const run = this.#runOnce(key).finally(() => {
        clearTimeout(timer)
        this.#slots.delete(key)
        this.#running.delete(run)
        const again = this.#states.get(key) === 'running-again'
        this.#states.delete(key)
        if (again) this.#gather(key)
        for (const look of this.#onIdle) look()
        this.#pump()
      })
      this.#running.add(run)
    }
  }

  #takeSlot(key: string): NodeJS.Timeout | undefined {
    const { slotMs } = this.#options
    this.#slots.add(key)
    if (slotMs === undefined) return undefined
    const timer = setTimeout(() => {
      this.#slots.delete(key)
      this.#pump()
    }, slotMs)
    timer.unref()
    return timer
  }

  async #runOnce(key: string): Promise<void> {
    const { name, log } = this.#options
    clearTimeout(this.#timers.get(key))
    this.#timers.delete(key)
    this.#gathering.delete(key)
    try {
      await this.#options.run(key)
      this.#failures.delete(key)
    } catch (error) {
      const count = (this.#failures.get(key) ?? 0) + 1
      this.#failures.set(key, count)
      const retryable = (error as { retryable?: boolean }).retryable === true
      log.warn('loop run failed', { loop: name, key, count, error: String(error) })
      if (retryable || count < quarantineAfter) this.#later(key, Math.min(200 * 2 ** count, 30_000))
      else this.#quarantine(key, error)
    }
  }

  #quarantine(key: string, error: unknown): void {
    const { onQuarantine, restMs } = this.#options
    onQuarantine?.(key, error)
    if (restMs !== undefined) this.#later(key, restMs)
  }
}
