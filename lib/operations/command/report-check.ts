import { Fault } from '#lib/core/fault/index.ts'
import type { CommandRecord, PromotionRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from '../work/deps.ts'
import { guardInForce } from '../work/guards.ts'
import { promotionAudit } from '../work/promotion-audit.ts'
import type { CommandResult } from './execute-command.ts'
import { assertPlan } from './promote.ts'

interface SaidCheck {
  name: string
  state: 'pending' | 'success' | 'failure'
  planDigest: string
  description?: string
  url?: string
}

/** A word about one very plan; the newest of one check takes the place of those before. */
export async function reportCheck(
  deps: WorkerDeps,
  command: CommandRecord,
  promotion: PromotionRecord,
  said: SaidCheck,
): Promise<CommandResult> {
  assertPlan(promotion, said.planDigest)
  const { checks = [] } = guardInForce(deps, promotion).inForce.gates
  const { name, state, description, url } = said
  if (!checks.includes(name))
    throw new Fault('invalid', `${promotion.environment} asks for no check ${name}.`, {
      suggestion:
        checks.length > 0
          ? `It asks for ${checks.join(', ')}.`
          : `Name it under gates.checks of ${promotion.environment} in wheelhouse.yaml.`,
    })
  const { actor } = command
  await deps.store.transaction(async (store) => {
    await store.saveCheck({ ...said, promotion: promotion.id, origin: 'told', by: actor.name, at: deps.clock.now() })
    const more = { actor: actor.email, reason: description, data: { check: name, state, url } }
    await store.record([promotionAudit(deps, promotion, 'promotion.check-reported', more)])
  })
  deps.wakeups.wake('promote', promotion.id)
  return { message: `${name}: ${state}.` }
}
