import { atRest, carrierOf } from '#lib/core/release/index.ts'
import { helmLabels } from '#lib/core/release/types.ts'
import type { HelmHooks, HelmOutcome, HelmRequest } from '#lib/ports/helm.ts'
import type { AttemptRecord, Baseline, Emergency, ReleasePatch, ReleaseRecord } from '#lib/ports/store/index.ts'
import { helmKey, type WorkerDeps } from './deps.ts'
import { auditOf, newAttempt, recording, type Recording } from './open-attempt.ts'
import { closeOperations, operationsFor, type OperationsInHand } from './release-operations.ts'
import { patchReleaseIn } from './release-records.ts'
import type { HelmAction } from './run-release.ts'
import { backAt } from './emergency.ts'
import { removeTests } from './remove-tests.ts'
import type { ReleaseView } from './see-release.ts'
import { unlockRevision } from './unlock-revision.ts'

/**
 * One recorded attempt: intent, operation and attempt stand in the database before Helm can act, its outcome after. The
 * revision Helm makes carries commit and operation in labels and description, so that it is known again after a crash.
 */
export async function runHelm(deps: WorkerDeps, view: ReleaseView, action: HelmAction): Promise<void> {
  const operations = await operationsFor(deps, view, action)
  deps.step('helm.before-intent')
  const before = deps.memory.attempts.get(view.record.id)
  const attempt = newAttempt(deps, view, action, operations)
  const record = recording(deps, view, action, attempt, operations)
  const replace = new AbortController()
  deps.memory.inHand.add(attempt.id)
  if (view.desired.wait && isDeploying(action))
    deps.memory.waiting.set(view.record.id, { attempt: attempt.id, inputs: attempt.inputs, replace })
  try {
    const performed = replaced(deps, replace, await perform(deps, view, action, attempt, record, replace))
    // Where Helm was never started, refusing is the attempt.
    await record()
    const { outcome: told, testFailed } = await test(deps, view, action, attempt, performed)
    const outcome = withoutSecrets(deps, view, told)
    if (outcome.kind === 'aborted') return
    deps.step('helm.ended')
    const closed = await closeAttempt(deps, view, action, attempt, outcome, testFailed, operations)
    // A remedy leaves the failure it follows standing: retries are counted and delayed by that.
    deps.memory.attempts.set(view.record.id, (isRemedy(action.kind) && before) || closed)
    deps.step('helm.recorded')
  } finally {
    deps.memory.inHand.delete(attempt.id)
    deps.memory.waiting.delete(view.record.id)
  }
}

function isDeploying({ kind }: HelmAction): boolean {
  return kind === 'install' || kind === 'upgrade'
}

const replacedMessage = 'Replaced by what Git says by now.'

/** Helm was ended for something newer, and its revision is noted as failed. */
function replaced({ lease }: WorkerDeps, { signal }: AbortController, outcome: HelmOutcome): HelmOutcome {
  if (outcome.kind !== 'aborted' || !signal.aborted || lease.signal.aborted) return outcome
  return { kind: 'failed', message: replacedMessage }
}

function withoutSecrets(deps: WorkerDeps, { record }: ReleaseView, outcome: HelmOutcome): HelmOutcome {
  return outcome.kind === 'succeeded' ? outcome : { ...outcome, message: quoteHelm(deps, record.id, outcome.message) }
}

/** Helm's own words, which may repeat values. */
export function quoteHelm({ redaction, memory }: Pick<WorkerDeps, 'redaction' | 'memory'>, id: string, words: string) {
  return redaction.childOutput(words, memory.secrets.of(id))
}

export function isRemedy(action: AttemptRecord['action']): boolean {
  return action === 'rollback' || action === 'uninstall' || action === 'unlock'
}

function hooksOf(deps: WorkerDeps, record: Recording, replace: AbortController): HelmHooks {
  return {
    signal: AbortSignal.any([deps.lease.signal, replace.signal]),
    async onStart(process) {
      await record(process)
      deps.step('helm.started')
    },
  }
}

async function perform(
  deps: WorkerDeps,
  view: ReleaseView,
  action: HelmAction,
  attempt: AttemptRecord,
  record: Recording,
  replace: AbortController,
): Promise<HelmOutcome> {
  const hooks = hooksOf(deps, record, replace)
  const { desired } = view
  const target = targetOf(view)
  deps.lease.assertHeld()
  switch (action.kind) {
    case 'install':
      return deps.helm.install(requestOf(deps, view, attempt), hooks)
    case 'upgrade':
      return deps.helm.upgrade(requestOf(deps, view, attempt), hooks)
    case 'rollback':
      return deps.helm.rollback(
        {
          ...target,
          toRevision: action.toRevision,
          timeoutMs: desired.timeoutMs,
          wait: desired.wait,
          force: desired.forceUpgrade,
          disableHooks: desired.disableHooks,
          ...desired.rollback,
          maxHistory: desired.maxHistory,
        },
        hooks,
      )
    case 'uninstall':
      return deps.helm.uninstall({ ...target, ...desired.uninstall }, hooks)
    case 'unlock':
      await record()
      return unlockRevision(deps, target, action.revision)
  }
}

/** `helm test` after a revision was made, where the resource asks for it; its failure is the attempt's. */
async function test(
  deps: WorkerDeps,
  view: ReleaseView,
  action: HelmAction,
  attempt: AttemptRecord,
  outcome: HelmOutcome,
): Promise<{ outcome: HelmOutcome; testFailed: boolean }> {
  const { desired } = view
  const made = outcome.kind === 'succeeded' && isDeploying(action)
  if (!made || !desired.test.enable) return { outcome, testFailed: false }
  const { timeoutMs, cleanup, ignoreFailures } = desired.test
  const tested = await deps.helm.test(
    { ...targetOf(view), timeoutMs, cleanup },
    {
      signal: deps.lease.signal,
      async onStart(process) {
        attempt.process = process
        await deps.store.saveAttempt(attempt)
      },
    },
  )
  if (tested.kind !== 'aborted' && cleanup) await removeTests(deps, view)
  if (tested.kind === 'failed' && !ignoreFailures) return { outcome: tested, testFailed: true }
  return { outcome: tested.kind === 'aborted' ? tested : outcome, testFailed: false }
}

/** Helm's own words for a hook that failed; such an attempt is not repeated unasked (§9.26). */
function failureOf(message: string, testFailed: boolean): AttemptRecord['state'] {
  if (testFailed) return 'test-failed'
  return /(pre|post)-(install|upgrade|rollback|delete)( hooks?)? failed|hooks? .*failed|failed (pre|post)-/i.test(
    message,
  )
    ? 'hook-failed'
    : 'failed'
}

function targetOf({ desired }: ReleaseView) {
  return {
    releaseName: desired.releaseName,
    namespace: desired.targetNamespace,
    storageNamespace: desired.storageNamespace,
    ...(desired.serviceAccountName
      ? { serviceAccount: { namespace: desired.namespace, name: desired.serviceAccountName } }
      : {}),
  }
}

export function requestOf(
  deps: WorkerDeps,
  view: ReleaseView,
  attempt: Pick<AttemptRecord, 'id' | 'operation'>,
): HelmRequest {
  const { desired } = view
  const commit = deps.memory.snapshot?.commit ?? ''
  return {
    ...targetOf(view),
    chart: view.chart?.path ?? '',
    values: view.values,
    timeoutMs: desired.timeoutMs,
    wait: desired.wait,
    maxHistory: desired.maxHistory,
    labels: {
      [helmLabels.operation]: attempt.operation,
      [helmLabels.attempt]: attempt.id,
      [helmLabels.commit]: commit.slice(0, 40),
      [helmLabels.inputs]: view.seen.inputs ?? '',
    },
    description: describe(view, commit),
    force: desired.forceUpgrade,
    skipCrds: desired.crds === 'skip',
    disableOpenApiValidation: desired.disableOpenApiValidation,
    disableHooks: desired.disableHooks,
    resetValues: desired.resetValues,
    takeOwnership: false,
    postRenderers: desired.postRenderers,
  }
}

/** What `helm history` shows: the images and the commit. */
function describe(view: ReleaseView, commit: string): string {
  const images = view.record.images.map((image) => image.image.split('/').at(-1)).join(', ')
  return `${images || `chart ${view.chart?.version ?? ''}`} from commit ${commit.slice(0, 12)}`
}

async function closeAttempt(
  deps: WorkerDeps,
  view: ReleaseView,
  action: HelmAction,
  attempt: AttemptRecord,
  outcome: Exclude<HelmOutcome, { kind: 'aborted' }>,
  testFailed: boolean,
  operations: OperationsInHand,
): Promise<AttemptRecord> {
  const succeeded = outcome.kind === 'succeeded'
  const revision = succeeded ? await revisionMade(deps, view, attempt, action) : undefined
  const endedAt = deps.clock.now()
  const closed: AttemptRecord = {
    ...attempt,
    state: outcome.kind === 'succeeded' ? 'succeeded' : failureOf(outcome.message, testFailed),
    failures: succeeded ? 0 : attempt.failures + 1,
    endedAt,
    revision,
    ...(outcome.kind === 'failed' ? { message: outcome.message } : {}),
  }
  const brings = succeeded && isDeploying(action)
  const show = await deps.store.transaction(async (store) => {
    await store.saveAttempt(closed)
    const { main, all } = operations
    if (brings) await closeOperations({ ...deps, store }, view, { main: main.id, all }, revision)
    await store.record(
      operations.all.map((operation, index) => ({
        ...auditOf(deps, view, action.kind, operation.id),
        kind: `${action.kind}.${succeeded ? 'done' : 'failed'}`,
        revision,
        ...(index === 0 ? { intent: attempt.intent } : {}),
        reason: outcome.kind === 'failed' ? outcome.message : undefined,
        data: { attempt: attempt.id, durationMs: endedAt - attempt.startedAt },
      })),
    )
    return patchReleaseIn(store, deps, view.record.id, ended(deps, view, closed, brings))
  })
  show()
  return closed
}

/** What pages show of a release once an attempt has ended. */
function ended(deps: WorkerDeps, view: ReleaseView, closed: AttemptRecord, brings: boolean): ReleasePatch {
  const { emergency } = view.record
  if (emergency && closed.action === 'rollback') return endedEmergency(deps, view.record, emergency, closed)
  const { revision, endedAt, state } = closed
  return {
    ...(brings && revision !== undefined
      ? {
          phase: 'deployed',
          reason: atRest(revision),
          revision,
          deployedAt: endedAt,
          baseline: baselineOf(deps, view, revision, closed.inputs),
        }
      : {}),
    ...(state === 'succeeded'
      ? {}
      : { phase: closed.message === replacedMessage ? 'waiting' : 'failed', reason: closed.message ?? 'Helm failed.' }),
    phaseSince: endedAt,
    chart: { ...view.record.chart, name: view.chart?.name, version: view.chart?.version },
  }
}

function endedEmergency(
  deps: WorkerDeps,
  record: ReleaseRecord,
  emergency: Emergency,
  { state, revision, message, endedAt }: AttemptRecord,
): ReleasePatch {
  if (state === 'succeeded' && revision !== undefined) return backAt(deps, record, emergency, revision)
  const failed = message ?? 'Helm made no revision.'
  return { emergency: { ...emergency, failed }, phase: 'failed', reason: failed, phaseSince: endedAt }
}

/** What is to be known of a revision later, also when its document is gone. */
export function baselineOf(
  deps: Pick<WorkerDeps, 'clock'>,
  view: ReleaseView,
  revision: number,
  inputs: string,
): Baseline {
  const { desired } = view
  return {
    revision,
    inputs,
    document: desired.digest,
    environment: view.record.environment,
    chart: chartOf(deps, view),
    helm: helmKey(desired.storageNamespace, desired.releaseName),
    uninstall: desired.uninstall,
    serviceAccount: targetOf(view).serviceAccount,
  }
}

function chartOf({ clock }: Pick<WorkerDeps, 'clock'>, { chart, record }: ReleaseView): Baseline['chart'] {
  if (!chart) return undefined
  const before = record.baseline?.chart
  return before?.digest === chart.digest ? before : { digest: chart.digest, since: clock.now() }
}

/** The revision that the attempt made: from the watch, or asked for where the watch is behind. */
async function revisionMade(
  deps: WorkerDeps,
  view: ReleaseView,
  attempt: AttemptRecord,
  action: HelmAction,
): Promise<number | undefined> {
  if (action.kind === 'unlock') return action.revision
  const isRollback = action.kind === 'rollback'
  const known = deps.memory.history?.get(helmKey(view.desired.storageNamespace, view.desired.releaseName)) ?? []
  const found = isRollback ? known.find(({ status }) => status === 'deployed') : carrierOf(known, attempt.id)
  if (found?.status === 'deployed' || found?.status === 'superseded') return found.revision
  const secrets = await deps.cluster.listMetadata(
    { apiVersion: 'v1', kind: 'Secret' },
    { namespace: view.desired.storageNamespace, labelSelector: `owner=helm,name=${view.desired.releaseName}` },
  )
  const revisions = secrets
    .map(({ metadata }) => metadata.labels ?? {})
    .filter((own) => isRollback || own[helmLabels.attempt] === attempt.id)
    .map(({ version }) => Number(version))
  if (revisions.length === 0) return undefined
  return isRollback ? Math.max(...revisions) : Math.min(...revisions)
}
