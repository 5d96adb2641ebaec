import { promotionAlerts, promotionScope } from '#lib/core/alert/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { parseImageRef } from '#lib/core/image/index.ts'
import {
  decidePromotion,
  hasEnded,
  isAtSource,
  isLate,
  promotionGates,
  recordStep,
  type PromotedImage,
  type PromotionAction,
  type PromotionSeen,
} from '#lib/core/promotion/index.ts'
import type { NewAudit, OperationRecord, PromotionRecord, Store, WriteRequest } from '#lib/ports/store/index.ts'
import { changePromotion } from './change-promotion.ts'
import { helmReleaseId, type WorkerDeps } from './deps.ts'
import { takeMergeStep } from './take-merge-step.ts'
import { planMerge } from './plan-merge.ts'
import { planPromotion } from './plan-promotion.ts'
import { promotionAudit } from './promotion-audit.ts'
import { branchOfPromotion } from './proposals.ts'
import { rollBackPromotion } from './roll-back-promotion.ts'
import { lookAtMerge } from './see-merge.ts'
import { seePromotion, settleMs } from './see-promotion.ts'
import { settleAlerts } from './settle-alerts.ts'
import { commitIntent } from './write-audit.ts'
import { writeIdOf } from './write-id.ts'

/** What changes something outside. */
const passesOn: ReadonlySet<PromotionAction['kind']> = new Set(['write', 're-tag', 'let-through'])
/** What has an operation from then on. */
const hasOperation: ReadonlySet<PromotionAction['kind']> = new Set([...passesOn, 'propose'])
/** What is not woken by anything (another registry, a person's role) is looked at again after this. */
const lookAgainMs = 60_000
const notReadMs = 1_000

/** From its commit on, the plan is history. */
function isWritten({ state }: PromotionRecord): boolean {
  return state === 'deploying' || state === 'verifying'
}

/**
 * One round of a promotion: observe, decide, act. The state is recorded before anything outside changes, so that the same
 * decision follows after a crash. Returns when to look again (milliseconds since the epoch); undefined = it has ended.
 */
export async function runPromotion(deps: WorkerDeps, id: string): Promise<number | undefined> {
  const promotion = deps.memory.promotions.get(id)
  if (!promotion) return undefined
  // Nothing is known of the target before Git and the cluster were read.
  const commit = deps.memory.snapshot?.commit
  if (commit === undefined || !deps.memory.history) return deps.clock.now() + notReadMs
  const moved = deps.memory.plannedAt.get(id) !== commit && !isWritten(promotion)
  const first = await decide(deps, promotion, moved)
  deps.memory.plannedAt.set(id, commit)
  // Right before something is written the plan is made anew: what people agreed to must still be what happens.
  const writes = passesOn.has(first.action.kind)
  const { seen, action } = writes ? await decide(deps, promotion, true) : first
  // Somebody said something while it was looked at: look again, with that.
  const next = await changePromotion(deps, promotion, async (latest) =>
    latest === promotion ? record(deps, promotion, seen, action) : undefined,
  )
  if (!next) return deps.clock.now()
  await settlePromotionAlerts(deps, next)
  await act(deps, next, action)
  if (hasEnded(next.state)) return undefined
  const now = deps.clock.now()
  if (action.kind === 'verify' && seen.health.revision === undefined) return now + settleMs
  return Math.min('until' in action && action.until !== undefined ? action.until : now + lookAgainMs, now + lookAgainMs)
}

async function settlePromotionAlerts(deps: WorkerDeps, promotion: PromotionRecord) {
  const { release, steps, createdAt } = promotion
  const since = steps.findLast(({ state }) => state === promotion.state)?.at ?? createdAt
  const [now, { sourceMerge: merge }] = [deps.clock.now(), promotion.facts]
  const unbuilt = isAtSource(merge) && isLate(merge, now)
  await settleAlerts(deps, promotionScope(release), promotionAlerts({ ...promotion, since, unbuilt }, now))
}

async function decide(deps: WorkerDeps, promotion: PromotionRecord, fresh: boolean) {
  const atSource = isAtSource(promotion.facts.sourceMerge)
  const seen = await seePromotion(deps, promotion, { fresh: fresh && !atSource })
  const action = atSource ? await lookAtMerge(deps, promotion, seen) : undefined
  return { seen, action: action ?? decidePromotion(seen, deps.clock.now()) }
}

async function record(
  deps: WorkerDeps,
  promotion: PromotionRecord,
  seen: PromotionSeen,
  action: PromotionAction,
): Promise<PromotionRecord> {
  const now = deps.clock.now()
  const { commit } = seen
  const pullRequest = commit.kind === 'proposed' ? commit.pullRequest : undefined
  const isNewThere = pullRequest !== undefined && promotion.facts.pullRequest?.number !== pullRequest.number
  if (promotion.state === action.state && promotion.reason === action.reason && !isNewThere) return promotion
  const ends = hasEnded(action.state)
  const next: PromotionRecord = {
    ...promotion,
    state: action.state,
    reason: action.reason,
    steps: recordStep(promotion.steps, action, promotionGates(seen, now), now),
    ...(pullRequest ? { facts: { ...promotion.facts, pullRequest } } : {}),
    ...(hasOperation.has(action.kind) && promotion.operation === undefined ? { operation: deps.newId('op') } : {}),
    ...(ends ? { endedAt: now } : {}),
  }
  await deps.store.transaction(async (store) => {
    await store.savePromotion(next)
    if (action.kind === 'let-through' && next.operation !== undefined)
      await store.createOperation(operationLetThrough(deps, next, next.operation))
    if (ends && commit.kind === 'proposed') await takeBack(store, deps, next)
    if (promotion.state !== action.state)
      await store.record([promotionAudit(deps, next, `promotion.${action.state}`, { reason: action.reason })])
  })
  deps.step('promotion.recorded')
  if (ends) deps.memory.plannedAt.delete(promotion.id)
  if (ends) deps.memory.promotions.delete(promotion.id)
  else deps.memory.promotions.set(promotion.id, next)
  deps.wakeups.wake('outbox')
  // What it lets through, or no longer does, is the release loop's to know; so is the end of one it waits for.
  const goesOn = next.way === 'let-through' || (next.way === 'pull-request' && next.state === 'deploying')
  if (promotion.state !== next.state && (ends || goesOn)) deps.wakeups.wake('release', next.release)
  if (next.way === 'pull-request') deps.wakeups.wake('propose', branchOfPromotion(next))
  // Whoever waits behind it is next.
  if (ends) deps.wakeups.wake('promote', '')
  return next
}

async function act(deps: WorkerDeps, promotion: PromotionRecord, action: PromotionAction): Promise<void> {
  switch (action.kind) {
    case 're-tag':
      await reTag(deps, promotion, action.images)
      deps.wakeups.wake('promote', promotion.id)
      return
    case 'write':
      if (promotion.way === 'pull-request') await askForMerge(deps, promotion)
      else await write(deps, promotion)
      return
    case 'propose':
      await write(deps, promotion)
      return
    case 'source':
      await takeMergeStep(deps, promotion, action.step)
      return
    case 'replan':
      await replan(deps, promotion)
      deps.wakeups.wake('promote', promotion.id)
      return
    case 'withdraw':
      await withdraw(deps, promotion)
      return
    case 'rollback':
      await rollBackPromotion(deps, promotion, action.reason)
      return
    case 'let-through':
      deps.memory.unfinished.add(promotion.release)
      deps.step('promotion.let-through')
      deps.wakeups.wake('release', promotion.release)
      return
    case 'wait':
    case 'verify':
    case 'supersede':
    case 'refuse':
    case 'fail':
    case 'done':
      return
  }
}

async function reTag(deps: WorkerDeps, promotion: PromotionRecord, images: readonly PromotedImage[]): Promise<void> {
  for (const { repository, tag, digest } of images) {
    const address = parseImageRef(repository)
    if (!address) throw new Fault('invalid', `${repository} is no repository.`)
    const intent = `re-tag:${promotion.id}:${repository}:${tag}`
    const data = { repository, tag, digest }
    await deps.store.record([promotionAudit(deps, promotion, 're-tag.intent', { intent, data })])
    deps.lease.assertHeld()
    const registry = await deps.registry(address.host, [], { pushTo: address.path })
    deps.step('promotion.before-tag')
    try {
      await registry.addTag(address, digest, tag)
    } catch (error) {
      if (!(error instanceof Fault) || error.retryable) throw error
      await noteDenied(deps, promotion, { intent, data, reason: error.message })
      return
    }
    deps.step('promotion.tagged')
    await deps.store.record([promotionAudit(deps, promotion, 're-tag.done', { intent, data })])
    deps.wakeups.wake('scan', repository)
  }
}

/** Asking again would be answered alike; the next look decides what becomes of it. */
async function noteDenied(
  deps: WorkerDeps,
  promotion: PromotionRecord,
  refused: Pick<NewAudit, 'intent' | 'data'> & { reason: string },
): Promise<void> {
  await changePromotion(deps, promotion, async (latest) => {
    const next = { ...latest, facts: { ...latest.facts, denied: refused.reason } }
    await deps.store.transaction(async (store) => {
      await store.savePromotion(next)
      await store.record([promotionAudit(deps, next, 're-tag.failed', refused)])
    })
    deps.memory.promotions.set(next.id, next)
  })
}

async function write(deps: WorkerDeps, promotion: PromotionRecord): Promise<void> {
  const { facts, operation: id } = promotion
  const target = deps.memory.releases.get(promotion.release)
  if (!target || id === undefined) return
  const now = deps.clock.now()
  const person = facts.requester
  const actor = person
    ? { name: person.name, email: person.emails[0] ?? deps.settings.committer.email }
    : deps.settings.committer
  const operation: OperationRecord = {
    id,
    kind: 'promotion',
    release: target.id,
    actor: actor.email,
    cause: { kind: 'promotion', promotion: promotion.id, from: promotion.source },
    reason: `Promotion of ${promotion.application} to ${promotion.environment}`,
    state: 'decided',
    createdAt: now,
  }
  const request: WriteRequest = {
    id: writeIdOf(promotion),
    operation: id,
    target: { id: helmReleaseId(target), path: facts.path },
    changes: facts.changes,
    kind: 'promote',
    actor,
    message: facts.message,
    cause: `promotion ${promotion.id}${promotion.source ? ` from ${promotion.source}` : ''}`,
    expects: facts.expects,
    createdAt: now,
    ...(promotion.way === 'pull-request' ? { proposal: promotion.id } : {}),
  }
  await deps.store.enqueueWrite(request, operation, [
    promotionAudit(deps, promotion, 'commit.intent', { intent: commitIntent(request.id), data: { path: facts.path } }),
  ])
  deps.step('promotion.queued')
  if (promotion.way === 'pull-request') deps.wakeups.wake('propose', branchOfPromotion(promotion))
  else deps.wakeups.wake('write', 'person')
}

/** Its pull request is merged as long as it stays in this state, with this plan. */
async function askForMerge(deps: WorkerDeps, promotion: PromotionRecord): Promise<void> {
  await changePromotion(deps, promotion, async (latest) => {
    const next = { ...latest, facts: { ...latest.facts, merge: promotion.planDigest } }
    await deps.store.savePromotion(next)
    deps.memory.promotions.set(next.id, next)
  })
  deps.wakeups.wake('propose', branchOfPromotion(promotion))
}

/** Nothing of it is to be merged any more; its pull request is closed on account of that. */
async function takeBack(store: Store, deps: WorkerDeps, { operation, reason, id }: PromotionRecord): Promise<void> {
  await store.removeWrites([writeIdOf({ id })])
  if (operation === undefined) return
  await store.updateOperation(operation, { state: 'refused', reason, endedAt: deps.clock.now() })
}

/** What Git says already goes on to the cluster under an operation of its own. */
function operationLetThrough(deps: WorkerDeps, promotion: PromotionRecord, id: string): OperationRecord {
  const { facts, release } = promotion
  return {
    id,
    kind: 'promotion',
    release,
    actor: facts.requester?.emails[0] ?? 'automation',
    cause: { kind: 'promotion', promotion: promotion.id },
    reason: `Let through to ${promotion.environment}: ${promotion.reason}`,
    state: 'committed',
    commit: facts.commit,
    createdAt: deps.clock.now(),
  }
}

/** The newest state of things, for whoever looks at it next; nobody is bound to the old plan yet. */
async function replan(deps: WorkerDeps, promotion: PromotionRecord): Promise<void> {
  const target = deps.memory.releases.get(promotion.release)
  const plan = isAtSource(promotion.facts.sourceMerge) ? planMerge : planPromotion
  const planned = target && (await plan(deps, target, promotion))
  if (planned?.kind !== 'planned') return
  await changePromotion(deps, promotion, async (latest) => {
    const next = {
      ...latest,
      planDigest: planned.plan.digest,
      facts: { ...latest.facts, ...planned.facts },
    }
    await deps.store.transaction(async (store) => {
      await store.savePlan(promotion.id, planned.plan)
      await store.savePromotion(next)
    })
    deps.memory.promotions.set(promotion.id, next)
  })
  if (promotion.way === 'pull-request') deps.wakeups.wake('propose', branchOfPromotion(promotion))
}

async function withdraw(deps: WorkerDeps, promotion: PromotionRecord): Promise<void> {
  const pending = await deps.store.pendingWrites()
  const own = pending.filter((request) => request.operation === promotion.operation)
  if (own.length > 0) await deps.store.removeWrites(own.map(({ id }) => id))
  deps.wakeups.wake('promote', promotion.id)
}
