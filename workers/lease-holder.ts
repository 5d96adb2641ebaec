import { Fault } from '#lib/core/fault/index.ts'
import type { LeaseGuard } from '#lib/operations/work/deps.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { Log } from '#lib/ports/log.ts'
import type { LeaseStore } from '#lib/ports/store/index.ts'

/** A lease lasts this long without renewal; a dead worker's work goes on after at most this. */
const ttlMs = 9_000
const renewEveryMs = 3_000
/** Nothing is begun in the lease's last moments, so that a paused process cannot act beside its successor. */
const marginMs = 1_500

export interface HeldLease extends LeaseGuard {
  /** Resolves when the lease is lost or given back. */
  readonly lost: Promise<void>
  giveBack(): Promise<void>
}

/**
 * Waits for the lease `name` and keeps it. A holder on this very host whose process is proven gone is not waited for.
 * `proveDead` says of a holder's text whether it is gone for certain.
 */
export async function holdLease(options: {
  store: LeaseStore
  name: string
  holder: string
  clock: Clock
  log: Log
  signal: AbortSignal
  proveDead(holder: string): boolean
}): Promise<HeldLease | undefined> {
  const { store, name, holder, clock, log } = options
  while (!options.signal.aborted) {
    const askedAt = clock.now()
    const taken = await store.takeLease(name, holder, ttlMs).catch((error: unknown) => {
      log.warn('lease not asked', { lease: name, error: String(error) })
      return undefined
    })
    if (taken) return keep(options, taken.epoch, askedAt)
    const current = await store.leaseHolder(name).catch(() => undefined)
    if (current && options.proveDead(current.holder)) await store.releaseLease(name, current.holder)
    else await pause(1_000, options.signal)
  }
  return undefined
}

function keep(options: Parameters<typeof holdLease>[0], epoch: number, takenAt: number): HeldLease {
  const { store, name, holder, clock, log } = options
  const lost = new AbortController()
  let validUntil = takenAt + ttlMs
  let timer: NodeJS.Timeout
  const lose = (why: string) => {
    clearTimeout(timer)
    if (lost.signal.aborted) return
    log.warn('lease lost', { lease: name, epoch, why })
    lost.abort()
  }
  const renew = async () => {
    const askedAt = clock.now()
    try {
      const again = await store.takeLease(name, holder, ttlMs)
      if (again?.epoch !== epoch) return lose('somebody else holds it')
      validUntil = askedAt + ttlMs
    } catch (error) {
      if (clock.now() > validUntil) return lose(String(error))
    }
    if (!lost.signal.aborted) timer = setTimeout(() => void renew(), renewEveryMs)
  }
  timer = setTimeout(() => void renew(), renewEveryMs)
  log.info('lease taken', { lease: name, epoch })
  return {
    epoch,
    signal: lost.signal,
    lost: new Promise((resolve) => lost.signal.addEventListener('abort', () => resolve(), { once: true })),
    assertHeld() {
      if (lost.signal.aborted || clock.now() > validUntil - marginMs)
        throw new Fault('unavailable', `Lease ${name} is no longer certain.`, { retryable: true })
    },
    async giveBack() {
      clearTimeout(timer)
      lost.abort()
      await store.releaseLease(name, holder)
    },
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
