import type { PromotionRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'

/**
 * One change of a promotion after the other: what a person says and what its loop records would else overwrite each other.
 * `change` gets the record as it is when its turn comes.
 */
export async function changePromotion<T>(
  deps: Pick<WorkerDeps, 'memory'>,
  promotion: PromotionRecord,
  change: (latest: PromotionRecord) => Promise<T>,
): Promise<T> {
  const { changing, promotions } = deps.memory
  const before = changing.get(promotion.id) ?? Promise.resolve()
  const turn = before.then(() => change(promotions.get(promotion.id) ?? promotion))
  const settled = turn.then(
    () => undefined,
    () => undefined,
  )
  changing.set(promotion.id, settled)
  try {
    return await turn
  } finally {
    if (changing.get(promotion.id) === settled) changing.delete(promotion.id)
  }
}
