import { allows } from '#lib/core/access/index.ts'
import type { Page, Store } from '#lib/ports/store/index.ts'
import { askSomewhere } from './caller.ts'
import type { Caller } from './caller.ts'
import { promotionView, type PromotionView } from './promotion-view.ts'

/** One of a list: who has approved its plan already, where it waits for approvals. */
export interface ListedPromotion extends PromotionView {
  approvedBy: string[]
}

/** Newest first; those of environments the caller may not see are left out. */
export async function listPromotions(
  deps: { store: Pick<Store, 'listPromotions' | 'listApprovals'> },
  caller: Caller,
  filter: Parameters<Store['listPromotions']>[0],
): Promise<Page<ListedPromotion>> {
  askSomewhere(caller, 'promotions:read')
  const { items, next } = await deps.store.listPromotions(filter)
  const visible = items.filter(({ environment }) => allows(caller, 'promotions:read', environment))
  const listed = visible.map(async (record) => {
    const view = promotionView(record)
    const asked = view.waitsFor.some(({ gate }) => gate === 'approvals')
    const said = asked ? await deps.store.listApprovals(record.id) : []
    const counting = said.filter((one) => one.planDigest === record.planDigest && one.decision === 'approve')
    return { ...view, approvedBy: counting.map(({ email }) => email) }
  })
  return { items: await Promise.all(listed), next }
}
