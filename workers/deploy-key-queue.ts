import type { WorkerDeps } from '#lib/operations/work/deps.ts'
import { settleDeployKeys } from '#lib/operations/work/deploy-keys.ts'
import { keyedQueue, type KeyedQueue } from './keyed-queue.ts'

/** A key that was entered a moment ago is tried after the fetches that people wait for. */
const gatherMs = 5_000

/** Tries a new deploy key after each fetch, until it lets us in. */
export function deployKeyQueue(deps: WorkerDeps): KeyedQueue {
  const { log, clock } = deps
  return keyedQueue({
    log,
    clock,
    name: 'deploy-key',
    concurrency: 1,
    gatherMs,
    run: async () => void (await settleDeployKeys(deps)),
  })
}
