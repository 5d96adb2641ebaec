import { askSomewhere } from './caller.ts'
import type { Caller } from './caller.ts'

export interface PromotionView {
  id: string
  application: string
  from: string
  to: string
  state: string
  createdAt: number
}

/** Nothing is promoted yet: changes reach each environment by its own policy. */
export function listPromotions(caller: Caller): { items: PromotionView[] } {
  askSomewhere(caller, 'promotions:read')
  return { items: [] }
}
