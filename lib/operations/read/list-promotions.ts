import { allows } from '#lib/core/access/index.ts'
import type { Page, Store } from '#lib/ports/store/index.ts'
import { askSomewhere } from './caller.ts'
import type { Caller } from './caller.ts'
import { promotionView, type PromotionView } from './promotion-view.ts'

/** Newest first; those of environments the caller may not see are left out. */
export async function listPromotions(
  deps: { store: Pick<Store, 'listPromotions'> },
  caller: Caller,
  filter: Parameters<Store['listPromotions']>[0],
): Promise<Page<PromotionView>> {
  askSomewhere(caller, 'promotions:read')
  const { items, next } = await deps.store.listPromotions(filter)
  const visible = items.filter(({ environment }) => allows(caller, 'promotions:read', environment))
  return { items: visible.map(promotionView), next }
}
