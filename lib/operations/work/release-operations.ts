import type { OperationRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import type { HelmAction } from './run-release.ts'
import type { ReleaseView } from './see-release.ts'

export interface OperationsInHand {
  /** The newest one: its id goes into the revision's labels. */
  main: OperationRecord
  /** Newest first, `main` included: decided changes that this revision brings together. */
  all: OperationRecord[]
  isNew: boolean
}

/**
 * The decided operations a Helm run carries out: those whose commit waits for this release, else a new one whose cause
 * is the commit at the head (somebody's push, a chart change) or the values that moved.
 */
export async function operationsFor(
  deps: Pick<WorkerDeps, 'store' | 'git' | 'clock' | 'memory' | 'newId'>,
  view: ReleaseView,
  { kind, reason }: Pick<HelmAction, 'kind' | 'reason'>,
): Promise<OperationsInHand> {
  const { emergency } = view.record
  const asked = emergency && kind === 'rollback' ? await deps.store.getOperation(emergency.operation) : undefined
  if (asked) return { main: asked, all: [asked], isNew: false }
  const commit = deps.memory.snapshot?.commit
  const [waiting, info] = await Promise.all([
    waitingOperations(deps, view.record.id),
    commit ? deps.git.commitInfo(commit) : undefined,
  ])
  const [main] = waiting
  if (main) return { main, all: waiting, isNew: false }
  const operation: OperationRecord = {
    id: deps.newId('op'),
    kind: 'apply',
    release: view.record.id,
    actor: info ? `git: ${info.authorName}` : 'automation',
    cause: info
      ? { kind: 'commit', commit: info.id, author: info.authorName, subject: info.subject }
      : { kind: 'recovery', detail: reason },
    reason,
    state: 'running',
    commit,
    createdAt: deps.clock.now(),
  }
  return { main: operation, all: [operation], isNew: true }
}

type Sight = Pick<WorkerDeps, 'store' | 'git' | 'memory'>

function openOperations({ store }: Pick<WorkerDeps, 'store'>, release: string): Promise<OperationRecord[]> {
  return store.listOperations({ release, states: ['committed', 'running'], limit: 50 })
}

/** Those whose commit the snapshot shows: a revision made now would not bring a newer one. */
async function waitingOperations(deps: Sight, release: string): Promise<OperationRecord[]> {
  const waiting: OperationRecord[] = []
  for (const operation of await openOperations(deps, release))
    if ((await placeOf(deps, operation)) === 'shown') waiting.push(operation)
  return waiting
}

/** Whether the snapshot shows an operation's commit, is older, or comes from a branch that was forced away from it. */
async function placeOf({ git, memory }: Sight, { commit }: OperationRecord): Promise<'shown' | 'ahead' | 'gone'> {
  const head = memory.snapshot?.commit
  if (commit === undefined || head === undefined || (await git.isAncestor(commit, head))) return 'shown'
  const known = (await git.resolve(commit)) !== undefined
  return known && (await git.isAncestor(head, commit)) ? 'ahead' : 'gone'
}

/**
 * A revision that came about ends its operations: one whose image stands in the release succeeded, one overtaken by a
 * newer tag is superseded. Without a revision they go on; `endOperations` ends them.
 */
export async function closeOperations(
  deps: Pick<WorkerDeps, 'store' | 'clock'>,
  view: ReleaseView,
  { main, all }: { main: string; all: readonly OperationRecord[] },
  revision: number | undefined,
): Promise<void> {
  const endedAt = deps.clock.now()
  for (const operation of all) {
    const state = operation.id === main || stillStands(view, operation) ? 'succeeded' : 'superseded'
    await deps.store.updateOperation(operation.id, { state, revision, endedAt })
  }
}

/**
 * A release at rest is what Git says: an operation of it that is still open has come about without a Helm run of its own,
 * or was forced out of the branch. One whose commit the snapshot does not show yet goes on.
 */
export async function endAtRest(
  deps: Pick<WorkerDeps, 'store' | 'git' | 'clock' | 'memory'>,
  view: ReleaseView,
  revision: number,
): Promise<void> {
  const { unfinished } = deps.memory
  const { record } = view
  if (!unfinished.delete(record.id)) return
  for (const operation of await openOperations(deps, record.id)) {
    const place = await placeOf(deps, operation)
    if (place === 'ahead') unfinished.add(record.id)
    else await endWithout(deps, view, operation, revision, place)
  }
}

async function endWithout(
  deps: Pick<WorkerDeps, 'store' | 'clock'>,
  view: ReleaseView,
  operation: OperationRecord,
  revision: number,
  place: 'shown' | 'gone',
): Promise<void> {
  const { record, desired } = view
  const state = place === 'shown' && stillStands(view, operation) ? 'succeeded' : 'superseded'
  const reason = place === 'shown' ? `Revision ${revision} is what Git says.` : 'Its commit is no longer on the branch.'
  const now = deps.clock.now()
  await deps.store.transaction(async (store) => {
    await store.updateOperation(operation.id, { state, revision, endedAt: now })
    await store.record([
      {
        at: now,
        kind: `operation.${state}`,
        actor: 'automation',
        subject: desired.id,
        environment: record.environment,
        release: record.id,
        operation: operation.id,
        revision,
        reason,
        data: {},
      },
    ])
  })
}

/** Ends what was decided and will not come about: given up, or its document is gone. */
export async function endOperations(
  deps: Pick<WorkerDeps, 'store' | 'clock'>,
  release: string,
  state: 'failed' | 'superseded',
  reason: string,
): Promise<void> {
  for (const { id } of await openOperations(deps, release))
    await deps.store.updateOperation(id, { state, reason, endedAt: deps.clock.now() })
}

function stillStands(view: ReleaseView, operation: OperationRecord): boolean {
  const { cause } = operation
  if (cause.kind !== 'tag') return true
  return view.record.images.some((image) => image.repository === cause.repository && image.tag === cause.tag)
}
