import { hasEnded } from '#lib/core/promotion/index.ts'
import type { PromotionRecord, WriteRequest } from '#lib/ports/store/index.ts'
import { writeIdOf } from './write-id.ts'
import type { WorkerDeps } from './deps.ts'

/** The longest that the edits of a bulk wait for each other, from the first. */
const gatherMs = 30_000
const lookAgainMs = 250

/**
 * Edits of promotions that were asked for together go into one commit: those that are here wait for those that are on
 * their way. One that waits for its gates keeps no other. `until` = when to look again.
 */
export function gatherBulk(
  deps: Pick<WorkerDeps, 'memory' | 'clock'>,
  pending: readonly WriteRequest[],
): { due: WriteRequest[]; until?: number } {
  const now = deps.clock.now()
  const queued = new Set(pending.map(({ id }) => id))
  const byWrite = new Map([...deps.memory.promotions.values()].map((one) => [writeIdOf(one), one]))
  const isComing = (one: PromotionRecord) => !hasEnded(one.state) && isOnItsWay(one) && !queued.has(writeIdOf(one))
  const bulks = Map.groupBy(pending, ({ id }) => byWrite.get(id)?.facts.bulk)
  const waiting = new Set<WriteRequest>()
  for (const [bulk, requests] of bulks) {
    if (bulk === undefined || now - Math.min(...requests.map(({ createdAt }) => createdAt)) >= gatherMs) continue
    const others = [...byWrite.values()].filter(({ facts }) => facts.bulk === bulk)
    if (others.some(isComing)) for (const request of requests) waiting.add(request)
  }
  const due = pending.filter((request) => !waiting.has(request))
  return waiting.size > 0 ? { due, until: now + lookAgainMs } : { due }
}

/** Agreed to, and waiting for nothing but its turn. */
function isOnItsWay({ state, facts }: PromotionRecord): boolean {
  return facts.applied !== undefined && (state === 'planned' || state === 'approved' || state === 'writing')
}
