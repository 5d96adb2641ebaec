import type { Problem } from '#lib/core/problem/index.ts'
import type { ReleaseAction, ReleaseSeen } from '#lib/core/release/types.ts'
import { isUnread } from '#lib/core/snapshot/index.ts'
import type { ReleasePhase, ReleaseRecord } from '#lib/ports/store/index.ts'
import { helmReleaseId, type WorkerDeps } from './deps.ts'
import { askGates, type GateAnswer } from './ask-gates.ts'
import { adoptRelease, compareRelease } from './adopt-release.ts'
import { followEmergency } from './emergency.ts'
import { leaveUnread } from './leave-unread.ts'
import { closeDeadAttempt } from './close-dead-attempt.ts'
import { endAtRest, endOperations } from './release-operations.ts'
import { runHelm } from './run-helm.ts'
import { seeRelease, type ReleaseView } from './see-release.ts'
import { uninstallRelease } from './uninstall-release.ts'
import { patchRelease } from './release-records.ts'

/** How often a helm that another process runs is looked at: nothing tells when it ends. */
const foreignLookMs = 2_000

/**
 * One round of the release loop: observe, decide, act. Returns when to look again (milliseconds since the epoch), or
 * undefined to be woken. At most one outside effect a round; the change it makes wakes the next.
 */
export async function runRelease(deps: WorkerDeps, id: string): Promise<number | undefined> {
  const record = deps.memory.releases.get(id)
  // Without a snapshot nothing is known of Git, least of all that a document is gone.
  const { snapshot } = deps.memory
  if (!record || !snapshot) return undefined
  const desired = snapshot.releases.find((release) => release.id === helmReleaseId(record))
  if (!desired) {
    if (!isUnread(snapshot, record.path)) return uninstallRelease(deps, record)
    await leaveUnread(deps, record, snapshot)
    return undefined
  }
  const view = await seeRelease(deps, await followEmergency(deps, record, desired), desired)
  if (!view) return undefined
  const attempt = deps.memory.attempts.get(id)
  if (attempt?.state === 'running' && view.seen.lastAttempt?.outcome === 'dead') {
    await closeDeadAttempt(deps, view, attempt)
    return deps.clock.now()
  }
  return act(deps, view)
}

async function act(deps: WorkerDeps, view: ReleaseView): Promise<number | undefined> {
  const { action, record } = view
  switch (action.kind) {
    case 'nothing':
      if (isAsWanted(view.seen)) await endAtRest(deps, view, view.seen.baseline.revision)
      await settle(deps, record, view, restingPhase(view), action.reason)
      return hasUrl(view) ? deps.clock.now() + deps.settings.pollIntervalMs : undefined
    case 'wait':
      await settle(deps, record, view, action.afterFailure ? 'failed' : 'waiting', action.reason)
      if (view.seen.lastAttempt?.outcome === 'running') return deps.clock.now() + foreignLookMs
      return action.until ?? (hasUrl(view) ? deps.clock.now() + deps.settings.pollIntervalMs : undefined)
    case 'blocked':
    case 'give-up':
      if (action.kind === 'give-up') await endOperations(deps, record.id, 'failed', action.problem.message)
      await settle(
        deps,
        record,
        view,
        action.kind === 'blocked' ? 'blocked' : 'failed',
        action.problem.message,
        action.problem,
      )
      return undefined
    case 'compare':
      return compareRelease(deps, view)
    case 'adopt':
      await adoptRelease(deps, view, action.revision, action.reason)
      return undefined
    case 'install':
    case 'upgrade': {
      const answer = await askGates(deps, view)
      if (answer.kind !== 'go') return stopAtGates(deps, view, answer)
      await runHelm(deps, view, action)
      return deps.clock.now()
    }
    case 'rollback':
    case 'unlock':
    case 'uninstall':
      await runHelm(deps, view, action)
      return deps.clock.now()
  }
}

async function stopAtGates(deps: WorkerDeps, view: ReleaseView, answer: Exclude<GateAnswer, { kind: 'go' }>) {
  if (answer.kind === 'refused') {
    await settle(deps, view.record, view, 'blocked', answer.problem.message, answer.problem)
    return undefined
  }
  await settle(deps, view.record, view, 'waiting', answer.reason)
  if (view.record.asked === 'retry') await patchRelease(deps, view.record.id, { asked: undefined })
  return answer.until
}

/** Nobody tells when the content behind a URL changes. */
function hasUrl(view: ReleaseView): boolean {
  return view.desired.valuesFrom.some(({ kind }) => kind === 'url')
}

function isAsWanted(seen: ReleaseSeen): seen is ReleaseSeen & Required<Pick<ReleaseSeen, 'baseline'>> {
  const { baseline, history, inputs } = seen
  const [newest] = history
  return baseline?.inputs === inputs && newest?.status === 'deployed' && newest.revision === baseline?.revision
}

function restingPhase(view: ReleaseView): ReleasePhase {
  if (view.desired.suspend) return 'suspended'
  const newest = view.seen.history[0]
  if (newest?.status === 'deployed') return view.seen.mode === 'observe' ? 'observed' : 'deployed'
  if (newest?.status === 'failed') return 'failed'
  return view.seen.mode === 'observe' ? 'observed' : 'unknown'
}

/** What keeps chart and values from being ready; what may end by itself only warns. */
function unreadyInputs({ seen: { chart, values }, desired }: ReleaseView): Problem[] {
  // A file of a chart that is not there is no trouble of its own.
  const follows = chart.kind !== 'ready' && desired.valuesFrom.some(({ kind }) => kind === 'chart-file')
  return [chart, ...(follows ? [] : [values])].flatMap((input) => {
    switch (input.kind) {
      case 'ready':
        return []
      case 'waiting':
        return [{ ...input.problem, severity: 'warning' as const }]
      case 'failed':
        return [input.problem]
    }
  })
}

/** Writes what the page shows; nothing is written where nothing changed. */
async function settle(
  deps: WorkerDeps,
  record: ReleaseRecord,
  view: ReleaseView,
  phase: ReleasePhase,
  reason: string,
  problem?: Problem,
) {
  const newest = view.seen.history[0]
  const problems = [...view.desired.problems]
  for (const met of [...(problem ? [problem] : []), ...unreadyInputs(view)])
    if (!problems.some(({ code }) => code === met.code)) problems.push(met)
  await patchRelease(deps, record.id, {
    phase,
    reason,
    phaseSince: phase === record.phase ? record.phaseSince : deps.clock.now(),
    problems,
    revision: newest?.revision,
    mode: view.seen.mode,
    chart: { ...record.chart, name: view.chart?.name, version: view.chart?.version },
    ...(record.asked && phase !== 'waiting' ? { asked: undefined } : {}),
    // The document that stands deployed: a hold lets only a commit through that edits it again.
    ...(record.baseline && record.baseline.inputs === view.seen.inputs
      ? { baseline: { ...record.baseline, document: view.desired.digest } }
      : {}),
  })
}

export type HelmAction = Extract<ReleaseAction, { kind: 'install' | 'upgrade' | 'rollback' | 'unlock' | 'uninstall' }>
