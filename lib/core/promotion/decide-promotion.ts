import { summariseGates, evaluateGates, type GateResult, type GatesVerdict } from '../gate/index.ts'
import { judgeHolds, stoppedByHold } from '../hold/index.ts'
import { sentence, type Problem } from '../problem/index.ts'
import { decideWritten } from './decide-written.ts'
import { judgeImages } from './judge-images.ts'
import { hasEnded, type CommitSeen, type PromotionAction, type PromotionSeen } from './types.ts'

type Refusal = Extract<PromotionAction, { kind: 'refuse' | 'supersede' | 'replan' | 'fail' }>

interface Waiting {
  reason: string
  until?: number
  /** The way is closed, which takes back what is under way; otherwise something is only not known just now. */
  closed: boolean
}

/**
 * The next thing to do for one promotion. Pure: equal sight and equal time, equal action; so it is the same after a crash
 * at any step. What is recorded counts only where the world cannot tell.
 */
export function decidePromotion(seen: PromotionSeen, now: number): PromotionAction {
  const { state, commit } = seen
  if (hasEnded(state)) return { kind: 'done', state, reason: seen.reason ?? `It is ${state}.` }
  const begun = state === 'deploying' || state === 'verifying'
  if (seen.way === 'let-through') return begun ? decideWritten(seen, now) : decideUnwritten(seen, now)
  if (commit.kind === 'pushed') return isEarly(seen) ? mergedEarly() : decideWritten(seen, now)
  if (begun) {
    if (commit.kind === 'unknown') return { kind: 'wait', state, reason: `Git cannot be asked: ${commit.reason}` }
    return { kind: 'supersede', state: 'superseded', by: 'Git', reason: 'Its commit is no longer in the branch.' }
  }
  return decideUnwritten(seen, now)
}

/** Somebody merged its pull request before that was for them to do: Git says it, and the gates decide as of any push. */
function isEarly({ way, state, tagsFirst }: PromotionSeen): boolean {
  if (way !== 'pull-request') return false
  return state === 'planned' || state === 'waiting' || (state === 'approved' && tagsFirst)
}

function mergedEarly(): PromotionAction {
  const reason = 'Its pull request was merged before its gates were open; what Git says waits at them now.'
  return { kind: 'supersede', state: 'superseded', by: 'Git', reason }
}

/** The gates of a promotion at one time, for the page and for its steps. */
export function promotionGates(
  { gates, environment, planned }: Pick<PromotionSeen, 'gates' | 'environment' | 'planned'>,
  now: number,
): GateResult[] {
  return evaluateGates({ ...gates, environment, planDigest: planned.digest }, now)
}

function decideUnwritten(seen: PromotionSeen, now: number): PromotionAction {
  const commit = commitOf(seen)
  // Whether the push before a crash has arrived is known only when Git answers.
  if (seen.state === 'writing' && commit.kind === 'unknown') {
    return { kind: 'wait', state: 'writing', reason: `Git cannot be asked whether it was written: ${commit.reason}` }
  }
  const gates = summariseGates(promotionGates(seen, now))
  const images = judgeImages(seen.way, seen.images)
  const refusal = findRefusal(seen, gates, images.problems)
  const waits = refusal ? [] : findWaits(seen, gates, images.unknown, now)
  const reason = refusal?.reason ?? waits.map((wait) => wait.reason).join(' ')
  if (commit.kind === 'queued') {
    if (refusal || waits.some(({ closed }) => closed)) return { kind: 'withdraw', state: 'writing', reason }
    return { kind: 'wait', state: 'writing', reason: 'It is in the queue of the next commit.' }
  }
  if (refusal) return refusal
  // It is shown where people review, while its gates hold it.
  const proposes = seen.way === 'pull-request' && commit.kind === 'none' && seen.stopped === undefined
  if (proposes) {
    const state = gates.kind === 'open' ? 'approved' : 'waiting'
    return { kind: 'propose', state, reason: ['Opening its pull request.', reason].join(' ').trim() }
  }
  if (waits.length > 0) {
    const times = waits.flatMap(({ until }) => (until === undefined ? [] : [until]))
    const state = gates.kind === 'open' ? 'approved' : 'waiting'
    return { kind: 'wait', state, reason, ...(times.length > 0 ? { until: Math.min(...times) } : {}) }
  }
  if (seen.way === 'let-through') {
    return { kind: 'let-through', state: 'deploying', reason: `${gates.reason} What Git says goes on.` }
  }
  if (images.missing.length > 0) {
    const names = images.missing.map(({ repository, tag }) => `${repository}:${tag}`).join(', ')
    return { kind: 're-tag', state: 'writing', images: images.missing, reason: `${gates.reason} Tagging ${names}.` }
  }
  if (commit.kind === 'proposed') return mergeIt(commit, gates.reason)
  return { kind: 'write', state: 'writing', reason: `${gates.reason} Writing it to Git.` }
}

function mergeIt(
  { pullRequest, problem, merging }: Extract<CommitSeen, { kind: 'proposed' }>,
  open: string,
): PromotionAction {
  const name = pullRequest ? `pull request #${pullRequest.number}` : 'its pull request'
  if (!merging) return { kind: 'write', state: 'writing', reason: `${open} Merging ${name}.` }
  const reason = problem === undefined ? `Merging ${name}.` : `${open} It waits for ${name}: ${problem}`
  return { kind: 'wait', state: 'writing', reason }
}

/** What ends it, or asks for another plan, before anything was written. */
function findRefusal(seen: PromotionSeen, gates: GatesVerdict, images: readonly Problem[]): Refusal | undefined {
  const { environment, plan, planned } = seen
  const commit = commitOf(seen)
  if (seen.target === 'gone') {
    return refuse(
      'target-gone',
      `${environment} no longer has this release.`,
      'Restore its document, or promote elsewhere.',
    )
  }
  if (seen.cancelled !== undefined) {
    return refuse('cancelled', `Taken back by ${seen.cancelled}.`, 'Promote again.')
  }
  const newest = seen.newer.at(-1)
  if (newest && seen.state !== 'writing') {
    return { kind: 'supersede', state: 'superseded', by: newest.id, reason: `Promotion ${newest.id} is newer.` }
  }
  if (commit.kind === 'refused')
    return {
      kind: 'fail',
      state: 'failed',
      reason: `It was not written: ${sentence(commit.reason)} Promote again once it can be.`,
    }
  if (commit.kind === 'superseded') return { kind: 'supersede', state: 'superseded', by: 'Git', reason: commit.reason }
  if (plan.kind === 'empty') {
    const reason = `${environment} is already what it was to become.`
    return { kind: 'supersede', state: 'superseded', by: 'Git', reason }
  }
  if (plan.kind === 'moved') {
    const reason = 'Git, chart or values say something else by now.'
    return { kind: 'supersede', state: 'superseded', by: 'Git', reason }
  }
  if (plan.kind === 'failed') return refuseFor(plan.problem)
  if (plan.kind === 'ready' && plan.digest !== planned.digest) return replan(seen, plan.digest)
  const [image] = images
  if (image) return refuseFor(image)
  const [tag] = seen.refused
  if (tag) {
    const message = `${environment} refuses ${tag.tag} for ${tag.container}: it was rolled back there.`
    return refuse(
      'tag-refused',
      message,
      'Promote another tag, or remove it from the wheelhouse.dev/refuse annotation.',
    )
  }
  if (gates.kind === 'refused') {
    return refuse(
      'gate-refused',
      gates.reason,
      'Override the gate where that is allowed, or change wheelhouse.yaml; then promote again.',
    )
  }
  return undefined
}

/** What is let through needs no commit of ours. */
function commitOf({ way, commit }: PromotionSeen): CommitSeen {
  return way === 'let-through' ? { kind: 'none' } : commit
}

function replan({ planned }: PromotionSeen, digest: string): Refusal {
  const reason = 'What would be deployed is no longer what was planned.'
  if (!planned.bound) return { kind: 'replan', state: 'planned', digest, reason }
  return refuse(
    'plan-changed',
    `${reason} Approvals were given for the old plan.`,
    'Look at the new plan and promote again.',
  )
}

/** Everything that it waits for at once, so that nobody learns of the second when the first is over. */
function findWaits(seen: PromotionSeen, gates: GatesVerdict, unknown: readonly string[], now: number): Waiting[] {
  const waits: Waiting[] = []
  if (gates.kind === 'waiting') {
    waits.push({ closed: true, reason: gates.reason, ...(gates.until === undefined ? {} : { until: gates.until }) })
  }
  if (seen.plan.kind === 'unknown')
    waits.push({ closed: false, reason: `The plan cannot be made just now: ${seen.plan.reason}` })
  waits.push(...unknown.map((reason) => ({ closed: false, reason })))
  const hold = judgeHolds(seen.holds, now)
  const held = stoppedByHold(hold, seen.heldAs)
  if (held !== undefined) {
    // An expired hold holds on; there is something new to tell all the same.
    waits.push({ closed: true, reason: held, ...('nextEvaluation' in hold ? { until: hold.nextEvaluation } : {}) })
  }
  if (seen.stopped !== undefined) waits.push({ closed: true, reason: seen.stopped })
  const before = seen.older.find(({ state }) => !hasEnded(state))
  if (before)
    waits.push({ closed: false, reason: `Promotion ${before.id} is ${before.state}; one at a time is verified.` })
  const commit = commitOf(seen)
  if (commit.kind === 'unknown') waits.push({ closed: false, reason: `Git does not answer: ${commit.reason}` })
  if (waits.length === 0 && !seen.applied)
    waits.push({ closed: false, reason: `${gates.reason} It waits to be applied.` })
  return waits
}

function refuse(code: string, message: string, suggestion: string): Refusal {
  return refuseFor({ code, severity: 'error', message, suggestion })
}

/** The reason is all that is kept of it, so it says what to do as well. */
function refuseFor(problem: Problem): Refusal {
  const { message, suggestion } = problem
  const reason = [message, ...(suggestion === undefined ? [] : [suggestion])].map(sentence).join(' ')
  return { kind: 'refuse', state: 'refused', problem, reason }
}
