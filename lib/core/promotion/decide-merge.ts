import { sentence, type Problem } from '../problem/index.ts'
import { isLate, shortCommit, type AwaitedImage, type MergedAt, type SourceMerge } from './source-merge.ts'
import type { MergeStep, PromotedImage, PromotionAction, PromotionState, Told } from './types.ts'

export type PullSeen =
  /** None was opened for this promotion. */
  | { kind: 'none' }
  /** `conflicts`: undefined = the host has not found out yet. */
  | { kind: 'open'; head: string; conflicts: boolean | undefined }
  | { kind: 'merged'; commit: string; by?: string }
  | { kind: 'closed' }
  | { kind: 'unknown'; reason: string }

/** The tag in the source repository; `unasked` = it is not looked at yet, or there is to be none. */
export type SourceTagSeen =
  { kind: 'unasked' } | { kind: 'absent' } | { kind: 'there'; commit: string } | { kind: 'unknown'; reason: string }

export type AwaitedSeen =
  | { kind: 'there'; image: PromotedImage }
  | { kind: 'awaited'; image: AwaitedImage }
  | { kind: 'unknown'; reason: string }

export interface MergeSeen {
  /** As recorded. */
  state: PromotionState
  environment: string
  merge: SourceMerge
  pull: PullSeen
  tag: SourceTagSeen
  /** Looked at once it is merged, and tagged where it is to be. */
  images: readonly AwaitedSeen[]
  /** Nothing but a click is missing, if that is: whoever merges it now has agreed to it. */
  open: boolean
  /** Wheelhouse acts in this environment, and nothing stops it. */
  acts: boolean
  /** Somebody took it back, or goes another way by now: nobody needs its pull request. */
  abandoned: boolean
}

/** How long the host has to find out about conflicts, and how long it is left alone once it has said no. */
const findOutMs = 5_000
const askAgainMs = 120_000
/** Nobody tells us of what happens at the pull request where the source repository has no webhook. */
const lookAgainMs = 20_000

/**
 * The next thing to do for a promotion that is still about the source. `general` is what `decidePromotion` says of its gates,
 * its holds and everything else that is alike for all: `write` there means that nothing is in the way.
 */
export function decideMerge(seen: MergeSeen, general: PromotionAction, now: number): PromotionAction {
  if (general.kind === 'done') return general
  const action = decideNext(seen, general, now)
  const { refusal, repository } = seen.merge
  if (action.kind !== 'source' || refusal?.step !== action.step.kind || now >= refusal.at + askAgainMs) return action
  const reason = `${repository} refused: ${sentence(refusal.reason)} It is asked again.`
  return { kind: 'wait', state: keptState(seen, general), reason, until: refusal.at + askAgainMs }
}

function decideNext(seen: MergeSeen, general: PromotionAction, now: number): PromotionAction {
  const { merge, pull } = seen
  if (merge.merged) return decideMerged(seen, merge.merged, general, now)
  switch (pull.kind) {
    case 'unknown':
      // Whether the merge before a crash has arrived is known only when the host answers.
      if (seen.state !== 'writing' && ends(general)) return general
      return { kind: 'wait', state: seen.state, reason: `${merge.repository} cannot be asked: ${pull.reason}` }
    case 'merged': {
      const { commit, by } = pull
      const reason = `${merge.base.branch} has it: merged as ${shortCommit(commit)}${by === undefined ? '' : ` by ${by}`}.`
      return step(keptState(seen, general), { kind: 'note-merged', commit, by }, reason)
    }
    case 'closed':
      return ends(general) ? general : refuseClosed(merge)
    case 'none':
      return decideUnopened(seen, general)
    case 'open':
      return decideOpen(seen, pull, general, now)
  }
}

function decideUnopened(seen: MergeSeen, general: PromotionAction): PromotionAction {
  if (ends(general) || general.kind === 'replan' || !seen.acts) return general
  const { head, base, repository } = seen.merge
  const reason = `Opening the pull request ${head.branch} → ${base.branch} at ${repository}.`
  return step(keptState(seen, general), { kind: 'open' }, reason)
}

function decideOpen(
  seen: MergeSeen,
  { head: there, conflicts }: Extract<PullSeen, { kind: 'open' }>,
  general: PromotionAction,
  now: number,
): PromotionAction {
  const { merge } = seen
  const number = merge.pull?.number ?? 0
  // A newer one of this way takes the pull request over.
  if (general.kind === 'replan' || (general.kind === 'supersede' && !seen.abandoned)) return general
  if (merge.ran && there !== merge.head.commit && seen.acts && !ends(general)) {
    const { branch, commit } = merge.head
    const reason = `${branch} has moved on; ${shortCommit(commit)}, which was planned, goes on by itself.`
    return step(keptState(seen, general), { kind: 'pin' }, reason)
  }
  const verdict = conflicts === true && !ends(general) ? refuseConflicts(merge) : general
  const told = toldOf(seen, verdict)
  const state = keptState(seen, general)
  if (merge.told !== toldKey(merge, told) && seen.acts) {
    return step(state, { kind: 'tell', told }, verdict.kind === 'write' ? told.description : verdict.reason)
  }
  if (ends(verdict) && seen.abandoned && seen.acts) return step(state, { kind: 'close', number }, verdict.reason)
  if (verdict.kind === 'wait') return { ...verdict, until: Math.min(verdict.until ?? Infinity, now + lookAgainMs) }
  if (verdict.kind !== 'write') return verdict
  if (conflicts === undefined) {
    const reason = `${merge.repository} has not found out yet whether ${merge.head.branch} can be merged.`
    return { kind: 'wait', state: 'approved', reason, until: now + findOutMs }
  }
  const { head, base } = merge
  const reason = `${verdict.reason.replace(/ Writing it to Git\.$/, '')} Merging ${head.branch} into ${base.branch}.`
  return step('writing', { kind: 'merge', number, head: head.commit }, reason)
}

function decideMerged(seen: MergeSeen, merged: MergedAt, general: PromotionAction, now: number): PromotionAction {
  const { merge, tag } = seen
  // The merge stands: it is source, and nothing of it is deployed.
  if (ends(general)) return general
  // What is asked of the build system, or taken up from before, is asked for by somebody.
  const isFree = general.kind === 'write'
  if (merged.earlier && !isFree) return general
  if (tag.kind === 'unknown')
    return { kind: 'wait', state: seen.state, reason: `${merge.repository} cannot be asked: ${tag.reason}` }
  if (tag.kind === 'there' && tag.commit !== merged.commit) return refuseTag(merge, tag.commit, merged.commit)
  if (tag.kind === 'absent' && merge.tag !== undefined) {
    if (!isFree) return general
    const reason = `Tagging ${shortCommit(merged.commit)} as ${merge.tag} at ${merge.repository}.`
    return step('writing', { kind: 'tag', name: merge.tag, commit: merged.commit }, reason)
  }
  return decideBuilt(seen, merged, now)
}

function decideBuilt({ merge, images }: MergeSeen, merged: MergedAt, now: number): PromotionAction {
  const commit = shortCommit(merged.commit)
  const unknown = images.flatMap((image) => (image.kind === 'unknown' ? [image.reason] : []))
  if (unknown.length > 0) {
    return {
      kind: 'wait',
      state: 'waiting',
      reason: `Whether CI has built ${commit} is not known: ${unknown.join(' ')}`,
    }
  }
  const awaited = images.flatMap((image) => (image.kind === 'awaited' ? [nameOf(image.image)] : []))
  if (awaited.length === 0) {
    const found = images.flatMap((image) => (image.kind === 'there' ? [image.image] : []))
    const names = found.map(({ repository, tag }) => `${repository}:${tag}`).join(', ')
    return step('planned', { kind: 'bring', images: found }, `CI has built ${commit}: ${names}. It is planned anew.`)
  }
  const what = awaited.join(', ')
  if (isLate(merge, now)) {
    const reason = `CI has not pushed ${what} for 30 min. Look at its build of ${commit} in ${merge.repository}.`
    return { kind: 'wait', state: 'waiting', reason }
  }
  const reason = `Merged as ${commit}. It waits for CI to push ${what}.`
  return { kind: 'wait', state: 'waiting', reason, until: now + lookAgainMs }
}

function nameOf({ repository, filter, version }: AwaitedImage): string {
  return version === undefined ? `${repository} for ${filter}` : `${repository}:${version}`
}

/** What is said at the pull request: the check there is green once only the click is missing. */
function toldOf({ environment, open }: MergeSeen, action: PromotionAction): Told {
  if (ends(action)) return { state: 'failure', description: action.reason }
  if (open) return { state: 'success', description: `The gates of ${environment} are open.` }
  return { state: 'pending', description: action.reason }
}

/** The same words about the same commit need not be told twice. */
export function toldKey({ head, pull }: Pick<SourceMerge, 'head' | 'pull'>, { state, description }: Told): string {
  return [pull?.number ?? '', head.commit, state, description].join(' ')
}

type Ending = Extract<PromotionAction, { kind: 'refuse' | 'supersede' | 'fail' }>

function ends(action: PromotionAction): action is Ending {
  return action.kind === 'refuse' || action.kind === 'supersede' || action.kind === 'fail'
}

/** Where it stands while something is done at the side. */
function keptState({ state }: MergeSeen, general: PromotionAction): PromotionState {
  if (general.kind === 'wait') return general.state
  if (general.kind === 'write') return state === 'writing' ? 'writing' : 'approved'
  return state
}

function step(state: PromotionState, next: MergeStep, reason: string): PromotionAction {
  return { kind: 'source', state, step: next, reason }
}

function refuseClosed({ pull, repository }: SourceMerge): Ending {
  return refuse(
    'pull-closed',
    `Somebody closed pull request ${pull?.number} at ${repository} without merging it.`,
    'Promote again to open another one.',
  )
}

function refuseConflicts({ head, base, repository }: SourceMerge): Ending {
  return refuse(
    'merge-conflicts',
    `${head.branch} and ${base.branch} of ${repository} have conflicts.`,
    `Merge ${base.branch} into ${head.branch}, let that run, and promote again.`,
  )
}

function refuseTag({ tag, repository }: SourceMerge, there: string, merged: string): Ending {
  return refuse(
    'tag-taken',
    `${repository} has ${tag} at ${shortCommit(there)}, not at the merge ${shortCommit(merged)}.`,
    'A tag is never moved: promote again with another one.',
  )
}

function refuse(code: string, message: string, suggestion: string): Ending {
  const problem: Problem = { code, severity: 'error', message, suggestion }
  return { kind: 'refuse', state: 'refused', problem, reason: `${sentence(message)} ${sentence(suggestion)}` }
}
