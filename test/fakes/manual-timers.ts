import type { Timers } from '#lib/adapters/kubernetes/index.ts'
import type { Clock } from '#lib/ports/clock.ts'

/** A clock that stands still until it is told to move, and the timers that follow it. */
export class ManualTimers implements Timers, Clock {
  #now = 1_700_000_000_000
  readonly #due = new Map<symbol, { at: number; run: () => void }>()

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const id = Symbol('timer')
    this.#due.set(id, { at: this.#now + ms, run })
    return () => void this.#due.delete(id)
  }

  /** Milliseconds until each pending timer, shortest first. */
  pending(): number[] {
    return Array.from(this.#due.values(), (timer) => timer.at - this.#now).sort((a, b) => a - b)
  }

  /** Runs what falls due on the way, in order. */
  advance(ms: number): void {
    const until = this.#now + ms
    for (;;) {
      const next = [...this.#due].filter(([, timer]) => timer.at <= until).sort(([, a], [, b]) => a.at - b.at)[0]
      if (next === undefined) break
      const [id, timer] = next
      this.#due.delete(id)
      this.#now = timer.at
      timer.run()
    }
    this.#now = until
  }
}
