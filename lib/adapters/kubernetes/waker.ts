/** Timers as an argument, so that tests need not wait. */
export interface Timers {
  /** Runs `run` once after `ms`; returns what cancels it. */
  after(ms: number, run: () => void): () => void
}

export const realTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** A place to wait for a time to pass or for something to happen first. */
export interface Waker {
  /** Resolves after `ms`, at the next `wake`, or when `signal` aborts, whichever comes first. */
  wait(ms: number, signal: AbortSignal): Promise<void>
  wake(): void
}

export function createWaker(timers: Timers): Waker {
  const sleepers = new Set<() => void>()
  return {
    wait(ms, signal) {
      if (signal.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const rise = () => {
          cancel()
          sleepers.delete(rise)
          signal.removeEventListener('abort', rise)
          resolve()
        }
        const cancel = timers.after(ms, rise)
        sleepers.add(rise)
        signal.addEventListener('abort', rise, { once: true })
      })
    },
    wake() {
      for (const rise of sleepers) rise()
    },
  }
}
