export interface BudgetOptions {
  requestsPerSecond: number
  /** Requests that may go out at once after a pause. */
  burst: number
}

/** Requests per second below which no 429 takes us (Flux's floor). */
const slowest = 0.1
/** A host that did not complain for so long is asked faster again (Flux: ×1.5 after 20 minutes). */
const recoveryMs = 20 * 60_000

export type Admission =
  | { kind: 'go'; /** Milliseconds to wait first. */ afterMs: number }
  /** The host asked for a pause; nobody asks before it is over. */
  | { kind: 'paused'; forMs: number }

/** Token bucket of one registry host and credential. Times are milliseconds since the epoch. */
export class Budget {
  readonly #full: BudgetOptions
  #rate: number
  #tokens: number
  #filledAt: number
  #pausedUntil = 0
  #calmSince: number

  constructor(options: BudgetOptions, now: number) {
    this.#full = options
    this.#rate = options.requestsPerSecond
    this.#tokens = options.burst
    this.#filledAt = now
    this.#calmSince = now
  }

  get requestsPerSecond(): number {
    return this.#rate
  }

  /** Takes one request out of the budget, on credit where it is empty: later callers then wait longer. */
  admit(now: number): Admission {
    if (now < this.#pausedUntil) return { kind: 'paused', forMs: this.#pausedUntil - now }
    this.#fill(now)
    this.#tokens -= 1
    return { kind: 'go', afterMs: this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens / this.#rate) * 1000) }
  }

  /** After a 429: half the rate, and nothing at all for `pauseMs`. */
  slowDown(now: number, pauseMs: number): void {
    // Answers to requests that were already under way belong to the same complaint.
    if (now >= this.#pausedUntil) this.#rate = Math.max(slowest, this.#rate / 2)
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs)
    this.#calmSince = this.#pausedUntil
    this.#tokens = Math.min(this.#tokens, 1)
  }

  #fill(now: number): void {
    while (this.#rate < this.#full.requestsPerSecond && now - this.#calmSince >= recoveryMs) {
      this.#rate = Math.min(this.#full.requestsPerSecond, this.#rate * 1.5)
      this.#calmSince += recoveryMs
    }
    // A clock that was set back must not take tokens away.
    const elapsed = Math.max(0, now - this.#filledAt)
    this.#tokens = Math.min(this.#full.burst, this.#tokens + (elapsed / 1000) * this.#rate)
    this.#filledAt = now
  }
}
