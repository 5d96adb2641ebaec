import { canonicalDigest } from '#lib/core/audit/index.ts'
import {
  checkOf,
  escape,
  gatesCheck,
  planComment,
  type ProposalCheck,
  type PromotionToldOf,
} from '#lib/core/proposal/index.ts'
import type { PromotionRecord, ProposalRecord, WriteRequest } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { promotionPage } from './merge-text.ts'
import { keepProposal } from './proposals.ts'
import type { ProposalWork } from './proposal-work.ts'

/**
 * Brings the pull request with its words, the plan as its comment, and its check up to date; nothing is asked of the host
 * where it was told just this already.
 */
export async function tellProposal(deps: WorkerDeps, work: ProposalWork, check?: ProposalCheck): Promise<void> {
  const { host, group, pullRequest } = work
  const made = deps.memory.proposals.get(work.branch)
  if (!made) return
  const promotion = await toldOf(deps, made)
  const { branch, commit } = made
  const url = promotion?.url ?? `${deps.settings.webUrl}/repository`
  const request = { branch, base: deps.settings.branch, title: titleOf(made), text: textOf(group?.requests ?? [], url) }
  const status = { ...(check ?? checkOf(promotion)), commit: pullRequest?.head ?? commit, name: gatesCheck, url }
  const comment = promotion && planComment(promotion)
  const told = canonicalDigest({ request, status, comment: comment ?? null })
  if (made.told === told && made.number !== undefined) return
  deps.lease.assertHeld()
  const { number, url: address } = await host.keepPullRequest(request)
  await keepProposal(deps, { ...made, number, url: address })
  await host.setStatus(status)
  if (comment !== undefined) await host.keepComment(number, 'plan', comment)
  await keepProposal(deps, { ...made, number, url: address, told })
  // Its page says where it is proposed.
  if (made.number !== number && made.scope.kind === 'promotion') deps.wakeups.wake('promote', made.scope.promotion)
}

function titleOf({ title, scope, writes }: ProposalRecord): string {
  if (scope.kind !== 'environment' || writes.length === 1) return title
  return `${scope.environment || 'Settings'}: ${writes.length} changes`
}

function textOf(requests: readonly WriteRequest[], url: string): string {
  const items = requests.map(
    ({ target, actor, cause }) => `- ${escape(target.id)}: ${escape(cause)}, by ${escape(actor.name)}`,
  )
  return [
    ...items,
    '',
    `Kept up to date by [Wheelhouse](${url}). Merge it and it is deployed; close it and what it brings is declined.`,
  ].join('\n')
}

async function toldOf(deps: WorkerDeps, { scope }: ProposalRecord): Promise<PromotionToldOf | undefined> {
  if (scope.kind !== 'promotion') return undefined
  const promotion = deps.memory.promotions.get(scope.promotion) ?? (await deps.store.getPromotion(scope.promotion))
  const record = promotion && (await deps.store.getPlan(promotion.id))
  return promotion && toldAs(promotion, record, deps.settings.webUrl)
}

function toldAs(
  { id, state, reason, steps, facts }: PromotionRecord,
  record: Awaited<ReturnType<WorkerDeps['store']['getPlan']>>,
  webUrl: string,
): PromotionToldOf {
  return {
    state,
    reason,
    tagsFirst: facts.tagsFirst === true,
    gates: steps.at(-1)?.gates ?? [],
    images: facts.images,
    ...(record ? { plan: { digest: record.digest, risks: record.plan.risks, objects: record.plan.objects } } : {}),
    url: promotionPage(webUrl, { id }),
  }
}
