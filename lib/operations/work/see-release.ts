import { carrierOf, decideRelease, inputsDigest, outcomeOptions, valuesDigest } from '#lib/core/release/index.ts'
import type { DesiredRelease, HelmRevisionMeta, ReleaseAction, ReleaseSeen } from '#lib/core/release/types.ts'
import type { AttemptRecord, ReleaseRecord } from '#lib/ports/store/index.ts'
import { releaseId } from '#lib/core/identity/index.ts'
import { helmKey, modeOf, stopOf, type WorkerDeps } from './deps.ts'
import type { PreparedChart } from './chart-memory.ts'
import { prepareChart } from './prepare-chart.ts'
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
  if (values.kind === 'ready') deps.memory.secrets.add(record.id, values.secrets)
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
    stopped: stopOf(deps, record.environment),
    chart: chart.kind === 'ready' ? { kind: 'ready', digest: chart.chart.digest, version: chart.chart.version } : chart,
    values: values.kind === 'ready' ? { kind: 'ready', digest: valuesDigest(values.values) } : values,
    inputs,
    namespaceExists: namespaces.has(desired.targetNamespace) && namespaces.has(desired.storageNamespace),
    waitingFor: dependenciesNotReady(deps, desired),
    away: deps.memory.clusterAway?.reason,
    renamedFrom: renamedFrom(deps, record, desired),
    history: revisions,
    baseline: record.baseline,
    adoption: adoptionOf(deps, record.id, revisions, inputs),
    lastAppliedDocumentDigest: record.baseline?.document,
    lastAttempt: attempt && lastAttempt(deps, attempt, revisions),
    emergency: record.emergency,
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

/** The installed Helm release that the document used to mean, where it means another one now (§9.19). */
function renamedFrom(deps: Deps, record: ReleaseRecord, desired: DesiredRelease): string | undefined {
  const before = record.baseline?.helm
  if (!before || before === helmKey(desired.storageNamespace, desired.releaseName)) return undefined
  const installed = deps.memory.history?.get(before)?.some(({ status }) => status !== 'uninstalled')
  return installed ? before : undefined
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
    id: attempt.id,
    inputs: attempt.inputs,
    outcome,
    failures: attempt.failures,
    endedAt: attempt.endedAt,
    message: attempt.message,
    operation: attempt.operation,
    revision: attempt.revision ?? carrierOf(history, attempt.id)?.revision,
  }
}

/** How long a helm on another host may go on after its worker lost the lease, which ends it. */
const foreignGraceMs = 60_000

/** In nobody's hand and its process gone, or never begun: dead. A child on another host cannot be asked; it is given time. */
function runningOutcome(deps: Deps, attempt: AttemptRecord): 'running' | 'dead' {
  if (deps.memory.inHand.has(attempt.id)) return 'running'
  if (!attempt.process) return 'dead'
  const alive = deps.isAlive(attempt.process)
  if (alive === undefined) return deps.clock.now() - attempt.startedAt < foreignGraceMs ? 'running' : 'dead'
  return alive ? 'running' : 'dead'
}
