import type { OperationRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
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
  reason: string,
): Promise<OperationsInHand> {
  const waiting = await deps.store.listOperations({
    release: view.record.id,
    states: ['committed', 'running'],
    limit: 50,
  })
  const [main] = waiting
  if (main) return { main, all: waiting, isNew: false }
  const commit = deps.memory.snapshot?.commit
  const info = commit ? await deps.git.commitInfo(commit) : undefined
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

/**
 * A revision that came about ends its operations: one whose image stands in the release succeeded, one overtaken by a
 * newer tag is superseded. Without a revision they go on; `endOperations` ends them.
 */
export async function closeOperations(
  deps: Pick<WorkerDeps, 'store' | 'clock'>,
  view: ReleaseView,
  operations: OperationsInHand,
  brings: boolean,
  revision: number | undefined,
): Promise<void> {
  if (!brings) return
  const endedAt = deps.clock.now()
  for (const operation of operations.all) {
    const state = operation.id === operations.main.id || stillStands(view, operation) ? 'succeeded' : 'superseded'
    await deps.store.updateOperation(operation.id, { state, revision, endedAt })
  }
}

/** Ends what was decided and will not come about: given up, or its document is gone. */
export async function endOperations(
  deps: Pick<WorkerDeps, 'store' | 'clock'>,
  release: string,
  state: 'failed' | 'superseded',
  reason: string,
): Promise<void> {
  const open = await deps.store.listOperations({ release, states: ['committed', 'running'], limit: 50 })
  for (const { id } of open) await deps.store.updateOperation(id, { state, reason, endedAt: deps.clock.now() })
}

function stillStands(view: ReleaseView, operation: OperationRecord): boolean {
  const { cause } = operation
  if (cause.kind !== 'tag') return true
  return view.record.images.some((image) => image.repository === cause.repository && image.tag === cause.tag)
}
