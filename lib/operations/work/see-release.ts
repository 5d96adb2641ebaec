import { decideRelease, inputsDigest, outcomeOptions, valuesDigest } from '#lib/core/release/index.ts'
import type { DesiredRelease, HelmRevisionMeta, ReleaseAction, ReleaseSeen } from '#lib/core/release/types.ts'
import type { AttemptRecord, ReleaseRecord } from '#lib/ports/store/index.ts'
import { releaseId } from '#lib/core/identity/index.ts'
import { helmKey, modeOf, type WorkerDeps } from './deps.ts'
import { prepareChart, type PreparedChart } from './prepare-chart.ts'
import { resolveValues } from './resolve-values.ts'

type Deps = Pick<
  WorkerDeps,
  | 'store'
  | 'git'
  | 'helm'
  | 'cluster'
  | 'registry'
  | 'chartRepository'
  | 'remoteText'
  | 'clock'
  | 'log'
  | 'settings'
  | 'memory'
  | 'isAlive'
  | 'lease'
>

/** A release as found, what to do, and what the doing needs. */
export interface ReleaseView {
  record: ReleaseRecord
  desired: DesiredRelease
  seen: ReleaseSeen
  action: ReleaseAction
  chart: PreparedChart | undefined
  values: Record<string, unknown>
  secrets: string[]
}

/** Observes one release and decides; changes nothing. undefined = the watch has not finished its first list yet. */
export async function seeRelease(
  deps: Deps,
  record: ReleaseRecord,
  desired: DesiredRelease,
): Promise<ReleaseView | undefined> {
  const { history, namespaces } = deps.memory
  if (!history || !namespaces) return undefined
  const chart = await prepareChart(deps, desired)
  const path = chart.kind === 'ready' ? chart.chart.path : undefined
  const values = await resolveValues(deps, desired, path)
  const inputs =
    chart.kind === 'ready' && values.kind === 'ready'
      ? inputsDigest({
          chartDigest: chart.chart.digest,
          valuesDigest: valuesDigest(values.values),
          options: outcomeOptions(desired),
        })
      : undefined
  const revisions = history.get(helmKey(desired.storageNamespace, desired.releaseName)) ?? []
  const attempt = deps.memory.attempts.get(record.id)
  const seen: ReleaseSeen = {
    desired,
    mode: modeOf(deps, record.environment),
    stopped: deps.memory.stopped,
    chart:
      chart.kind === 'ready'
        ? { kind: 'ready', digest: chart.chart.digest, version: chart.chart.version }
        : { kind: 'failed', problem: chart.problem },
    values: values.kind === 'ready' ? { kind: 'ready', digest: valuesDigest(values.values) } : values,
    inputs,
    namespaceExists: namespaces.has(desired.targetNamespace) && namespaces.has(desired.storageNamespace),
    waitingFor: dependenciesNotReady(deps, desired),
    history: revisions,
    baseline: record.baseline,
    adoption: adoptionOf(deps, record.id, revisions, inputs),
    lastAppliedDocumentDigest: record.baseline?.document,
    lastAttempt: attempt && lastAttempt(deps, attempt, revisions),
    asked: record.asked,
  }
  return {
    record,
    desired,
    seen,
    action: decideRelease(seen, deps.clock.now()),
    chart: chart.kind === 'ready' ? chart.chart : undefined,
    values: values.kind === 'ready' ? values.values : {},
    secrets: values.kind === 'ready' ? values.secrets : [],
  }
}

/** A comparison counts for the revision and the inputs it was made with. */
function adoptionOf(deps: Deps, id: string, history: readonly HelmRevisionMeta[], inputs: string | undefined) {
  const known = deps.memory.adoption.get(id)
  return known && known.revision === history[0]?.revision && known.inputs === inputs ? known.verdict : undefined
}

function dependenciesNotReady(deps: Deps, desired: DesiredRelease): string[] {
  return desired.dependsOn
    .filter(({ namespace, name }) => {
      const other = deps.memory.releases.get(releaseId(deps.settings.clusterName, namespace, name))
      return !other || other.phase !== 'deployed' || other.health === 'failing' || other.health === 'stuck'
    })
    .map(({ namespace, name }) => `${namespace}/${name}`)
}

/** A running attempt that is not ours any more is dead when its process is proven gone. */
function lastAttempt(
  deps: Deps,
  attempt: AttemptRecord,
  history: readonly HelmRevisionMeta[],
): ReleaseSeen['lastAttempt'] {
  const outcome = attempt.state === 'running' ? runningOutcome(deps, attempt) : attempt.state
  return {
    inputs: attempt.inputs,
    outcome,
    failures: attempt.failures,
    endedAt: attempt.endedAt,
    message: attempt.message,
    operation: attempt.operation,
    revision: attempt.revision ?? history.find((entry) => entry.operation === attempt.operation)?.revision,
  }
}

function runningOutcome(deps: Deps, attempt: AttemptRecord): 'running' | 'dead' {
  // Another epoch's child on another host cannot be asked; its lease has run out and it kills its children then.
  if (attempt.epoch < deps.lease.epoch && attempt.process && deps.isAlive(attempt.process) !== true) return 'dead'
  if (attempt.epoch < deps.lease.epoch && !attempt.process) return 'dead'
  return 'running'
}
