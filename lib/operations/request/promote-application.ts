import { Fault } from '#lib/core/fault/index.ts'
import type { PromotionWay } from '#lib/core/pipeline/index.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { getPromotion, type PromotionDetail } from '../read/get-promotion.ts'
import { runCommand } from './run-command.ts'
import type { RequestDeps } from './run-command.ts'

/** A plan takes a run of helm or two, and another release's may be before it. */
const planPatienceMs = 60_000

export interface WantedPromotion {
  application: string
  to: string
  from?: string
  way?: PromotionWay
  tags?: Record<string, string>
  message?: string
  /** Id shared by those asked for together. */
  bulk?: string
}

/** Plans a promotion and waits for its plan. Throws `forbidden`, `unavailable`, and what the worker refuses with. */
export async function promoteApplication(
  deps: RequestDeps,
  caller: Caller,
  wanted: WantedPromotion,
): Promise<PromotionDetail> {
  ask(caller, 'promotions:write', wanted.to)
  const promotion = deps.newId('pro')
  const answer = await runCommand(deps, caller, 'promote', { promotion, ...wanted }, planPatienceMs)
  if (answer.kind === 'queued')
    throw new Fault('unavailable', 'The worker has not planned it yet.', {
      retryable: true,
      suggestion: 'It goes on; look under Promotions.',
    })
  return getPromotion(deps, caller, promotion)
}
