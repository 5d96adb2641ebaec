import { gatesCheck } from '#lib/core/proposal/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { isAtSource, toldKey, type MergeStep, type SourceMerge, type Told } from '#lib/core/promotion/index.ts'
import type { PullRequest } from '#lib/ports/git-host.ts'
import type { SourceHost } from '#lib/ports/source-host.ts'
import type { PromotionRecord } from '#lib/ports/store/index.ts'
import { bringImages } from './bring-images.ts'
import { changePromotion } from './change-promotion.ts'
import type { WorkerDeps } from './deps.ts'
import { pinOf } from './make-merge.ts'
import { isOurs, mergeComment, mergeText, mergeTitle, promotionPage } from './merge-text.ts'
import { promotionAudit } from './promotion-audit.ts'
import { sourceHostOf } from './source-of.ts'

/** Carries out one step of a promotion that is still about the source; looking first is what decided it. */
export async function takeMergeStep(deps: WorkerDeps, promotion: PromotionRecord, step: MergeStep): Promise<void> {
  const { sourceMerge: merge } = promotion.facts
  if (!isAtSource(merge)) return
  const work = { deps, promotion, merge, host: sourceHostOf(deps, promotion.application) }
  try {
    await take(work, step)
  } catch (error) {
    if (!(error instanceof Fault) || error.retryable) throw error
    await noteRefusal(work, step, error.message)
  }
  deps.wakeups.wake('promote', promotion.id)
}

async function take(work: Work, step: MergeStep): Promise<void> {
  switch (step.kind) {
    case 'open':
      return openPull(work)
    case 'pin':
      return openPull(work, pinOf(work.promotion))
    case 'tell':
      return tell(work, step.told)
    case 'merge':
      return mergePull(work, step)
    case 'note-merged':
      return noteMerged(work, step)
    case 'close':
      return closePull(work, step.number)
    case 'tag':
      return tagCommit(work, step)
    case 'bring':
      return bringImages(work.deps, work.promotion, work.merge, step.images)
  }
}

/** It is asked again, but not at once: the answer would be the same. */
async function noteRefusal(work: Work, { kind }: MergeStep, reason: string): Promise<void> {
  await keepMerge(work, { refusal: { step: kind, reason, at: work.deps.clock.now() } })
}

interface Work {
  deps: WorkerDeps
  promotion: PromotionRecord
  merge: SourceMerge
  host: SourceHost
}

/** Takes the one of its branches that is open, else one that was opened for this very promotion before a crash. */
async function openPull(work: Work, pin = work.merge.pin): Promise<void> {
  const { deps, promotion, merge, host } = work
  const branches = { head: pin ?? merge.head.branch, base: merge.base.branch }
  if (pin !== undefined) {
    const { commit } = merge.head
    await around(work, 'branch', { branch: pin, commit }, () => host.keepBranch(pin, commit))
  }
  const text = mergeText(promotion, deps.settings.webUrl)
  const pull = await around(work, 'open', branches, async () => {
    const known = await host.findMerge(branches)
    const isThere = known && (known.state.kind === 'open' ? !isOurs(known.text) : known.text.includes(promotion.id))
    if (isThere) return known
    return host.keepMerge({ ...branches, title: mergeTitle(promotion), text })
  })
  deps.step('promotion.pull-opened')
  await keepMerge(work, { pull: placeOf(pull), told: undefined, ...(pin === undefined ? {} : { pin }) })
  await closeOther(work, branches)
}

/** The other branch that a promotion like this one may come from: a pull request of ours from there is passed by now. */
async function closeOther(work: Work, { head, base }: { head: string; base: string }): Promise<void> {
  const { promotion, merge, host } = work
  const pin = pinOf(promotion)
  const other = head === pin ? merge.head.branch : pin
  const found = await host.findMerge({ head: other, base })
  if (found?.state.kind !== 'open' || !isOurs(found.text)) return
  await around(work, 'close', { pull: found.number }, () => host.closePullRequest(found.number))
  if (other === pin) await around(work, 'branch', { branch: pin }, () => host.removeBranch(pin))
}

const placeOf = ({ number, url }: PullRequest) => ({ number, url })

/** Comment and check are brought up to date where they are; title and text where they are ours. */
async function tell(work: Work, told: Told): Promise<void> {
  const { deps, promotion, merge, host } = work
  const { pull, pin, head, base } = merge
  if (!pull) return
  await around(work, 'status', { commit: head.commit, state: told.state }, async () => {
    if (isOurs((await host.pullRequest(pull.number)).text)) {
      const text = mergeText(promotion, deps.settings.webUrl)
      await host.keepMerge({ head: pin ?? head.branch, base: base.branch, title: mergeTitle(promotion), text })
    }
    await host.keepComment(pull.number, 'promotion', mergeComment(promotion, merge, told))
    await host.setStatus({
      commit: head.commit,
      name: gatesCheck,
      state: told.state,
      description: told.description,
      url: promotionPage(deps.settings.webUrl, promotion),
    })
  })
  await keepMerge(work, { told: toldKey(merge, told) })
}

async function mergePull(work: Work, { number, head }: Extract<MergeStep, { kind: 'merge' }>): Promise<void> {
  const { deps, host } = work
  const result = await around(work, 'merge', { pull: number, head }, async () => {
    deps.lease.assertHeld()
    deps.step('promotion.before-merge')
    return host.mergePullRequest(number, head)
  })
  deps.step('promotion.merged')
  // One that has moved is seen with the next look, and so is what became of the plan.
  if (result.kind === 'moved') return
  if (result.kind === 'refused') return noteRefusal(work, { kind: 'merge', number, head }, result.reason)
  await keepMerge(work, { merged: { commit: result.commit, at: deps.clock.now() } })
  await removePin(work)
}

/** Seen at the host: somebody did it there, or the answer to us was lost. */
async function noteMerged(work: Work, { commit, by }: Extract<MergeStep, { kind: 'note-merged' }>): Promise<void> {
  const { deps, promotion, merge } = work
  const at = deps.clock.now()
  const who = by ?? 'somebody'
  const data = { repository: merge.repository, commit, by: who }
  await deps.store.record([promotionAudit(deps, promotion, 'source-merge.seen', { data })])
  await change(work, ({ facts, planDigest }) => ({
    sourceMerge: { ...merge, merged: { commit, at, ...(by === undefined ? {} : { by }) } },
    applied: facts.applied ?? { by: `${who} at ${merge.repository}`, at, planDigest },
  }))
  await removePin(work)
}

async function closePull(work: Work, number: number): Promise<void> {
  await around(work, 'close', { pull: number }, () => work.host.closePullRequest(number))
  await removePin(work)
}

/** One that is left behind by a sudden end is used again by the next promotion. */
async function removePin(work: Work): Promise<void> {
  const { pin } = work.merge
  if (pin !== undefined) await around(work, 'branch', { branch: pin }, () => work.host.removeBranch(pin))
}

async function tagCommit(work: Work, { name, commit }: Extract<MergeStep, { kind: 'tag' }>): Promise<void> {
  const { deps, host } = work
  // Where it is taken, the next look says by what.
  await around(work, 'tag', { tag: name, commit }, async () => {
    deps.lease.assertHeld()
    return host.makeTag(name, commit)
  })
  deps.step('promotion.source-tagged')
}

/** Intent before, outcome after; what the host refuses for good is an outcome, too. */
async function around<T>(
  { deps, promotion, merge }: Work,
  what: 'open' | 'branch' | 'status' | 'merge' | 'close' | 'tag',
  data: Record<string, unknown>,
  act: () => Promise<T>,
): Promise<T> {
  const intent = `source-${what}:${promotion.id}:${Object.values(data).join(':')}`
  const about = { intent, data: { repository: merge.repository, ...data } }
  await deps.store.record([promotionAudit(deps, promotion, `source-${what}.intent`, about)])
  deps.lease.assertHeld()
  try {
    const result = await act()
    await deps.store.record([promotionAudit(deps, promotion, `source-${what}.done`, about)])
    return result
  } catch (error) {
    if (!(error instanceof Fault) || error.retryable) throw error
    await deps.store.record([
      promotionAudit(deps, promotion, `source-${what}.failed`, { ...about, reason: error.message }),
    ])
    throw error
  }
}

async function keepMerge(work: Work, changed: Partial<SourceMerge>): Promise<void> {
  await change(work, ({ facts }) => ({ sourceMerge: { ...(facts.sourceMerge ?? work.merge), ...changed } }))
}

async function change(
  { deps, promotion }: Work,
  made: (latest: PromotionRecord) => Partial<PromotionRecord['facts']>,
): Promise<void> {
  await changePromotion(deps, promotion, async (latest) => {
    const next = { ...latest, facts: { ...latest.facts, ...made(latest) } }
    await deps.store.savePromotion(next)
    deps.memory.promotions.set(next.id, next)
  })
}
