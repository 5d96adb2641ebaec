import type { NewAudit, PromotionRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'

/** One row of the trail about a promotion. */
export function promotionAudit(
  deps: Pick<WorkerDeps, 'clock'>,
  promotion: PromotionRecord,
  kind: string,
  more: Partial<NewAudit> = {},
): NewAudit {
  const { id, release, environment, operation, planDigest, source } = promotion
  return {
    at: deps.clock.now(),
    kind,
    actor: promotion.facts.requester?.emails[0] ?? 'automation',
    subject: `${promotion.application} to ${environment}`,
    environment,
    release,
    operation,
    ...more,
    data: { promotion: id, from: source, planDigest, ...more.data },
  }
}
