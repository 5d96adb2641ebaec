import type { WorkerDeps } from '#lib/operations/work/deps.ts'
import { tellHost } from '#lib/operations/work/tell-host.ts'
import { keyedQueue, type KeyedQueue } from './keyed-queue.ts'

/** Between two calls that change something at GitHub, as its guide to the limits asks for. */
const paceMs = 1_000
/** Operations are looked at this often even if a wake-up was lost. */
const safetyNetMs = 60_000

/** Tells the host of the repository of deployments, one call after the other; no release waits for it. */
export function hostQueue(deps: WorkerDeps): KeyedQueue {
  const { clock, log } = deps
  const hosting: KeyedQueue = keyedQueue({
    log,
    clock,
    name: 'host',
    concurrency: 1,
    gatherMs: paceMs,
    restMs: safetyNetMs,
    async run() {
      if (!deps.gitHost) return
      const again = await tellHost(deps)
      const now = clock.now()
      hosting.wakeAt('', Math.max(again ?? now + safetyNetMs, now + paceMs))
    },
  })
  return hosting
}
