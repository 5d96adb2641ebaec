import type { WorkerDeps } from '#lib/operations/work/deps.ts'
import { beatOnce } from '#lib/operations/work/beat-once.ts'
import { tellChannel } from '#lib/operations/work/tell-channel.ts'
import { hostQueue } from './host-queue.ts'
import { keyedQueue, type KeyedQueue } from './keyed-queue.ts'

/** What happens to an incident within this comes to one message. */
const tellMs = 1_000
/** A heartbeat whose setting could not be read is tried again after this. */
const beatRestMs = 60_000

/** One channel that is slow or away keeps no other waiting. */
export function notifyQueues(deps: WorkerDeps) {
  const { clock } = deps
  const base = { log: deps.log, clock }
  const telling: KeyedQueue = keyedQueue({
    ...base,
    name: 'notify',
    concurrency: 4,
    gatherMs: tellMs,
    async run(id) {
      const again = await tellChannel(deps, id)
      if (again !== undefined) telling.wakeAt(id, again)
    },
  })
  const channels = keyedQueue({
    ...base,
    name: 'channels',
    concurrency: 1,
    async run() {
      for (const { id } of await deps.store.listChannels()) telling.wake(id)
    },
  })
  const beating: KeyedQueue = keyedQueue({
    ...base,
    name: 'heartbeat',
    concurrency: 1,
    restMs: beatRestMs,
    async run() {
      const again = await beatOnce(deps)
      if (again !== undefined) beating.wakeAt('', again)
    },
  })
  return { channels, telling, beating, hosting: hostQueue(deps) }
}
