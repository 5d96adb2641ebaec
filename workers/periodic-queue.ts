import type { WorkerDeps } from '#lib/operations/work/deps.ts'
import { keyedQueue, type KeyedQueue } from './keyed-queue.ts'

/** One piece of work that is due again `everyMs` after it was done; woken, it is done at once. Begins when it is told to. */
export function periodicQueue(
  { log, clock }: Pick<WorkerDeps, 'log' | 'clock'>,
  name: string,
  everyMs: number,
  work: () => Promise<void>,
): KeyedQueue {
  const queue: KeyedQueue = keyedQueue({
    log,
    clock,
    name,
    concurrency: 1,
    restMs: everyMs,
    async run() {
      await work()
      queue.wakeAt('', clock.now() + everyMs)
    },
  })
  return queue
}
