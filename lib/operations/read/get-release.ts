import type { StuckExplanation } from '#lib/core/release/index.ts'
import type { AttemptRecord, DeletionRecord, OperationRecord, ReleaseRecord, Store } from '#lib/ports/store/index.ts'
import type { Caller } from './caller.ts'
import { diagnoseRelease } from './diagnose-release.ts'
import { withSteps } from './get-operation.ts'
import type { OperationStep } from './operation-steps.ts'
import { visibleRelease } from './release-view.ts'

export interface ReleaseDetail {
  release: ReleaseRecord
  operation?: OperationRecord & { steps: OperationStep[] }
  deletion?: DeletionRecord
  attempts: AttemptRecord[]
  /** Absent = nothing is wrong with it. */
  diagnosis?: StuckExplanation
}

type Deps = {
  store: Pick<
    Store,
    'getRelease' | 'getOperation' | 'listOperations' | 'listAudit' | 'listDeletions' | 'lastAttempts' | 'listRevisions'
  >
}

/** A release with what is under way and what is wrong. Throws `not-found`, `forbidden`. */
export async function getRelease(deps: Deps, caller: Caller, id: string): Promise<ReleaseDetail> {
  const release = await visibleRelease(deps, caller, id)
  const [operation, deletions, attempts, revisions] = await Promise.all([
    currentOperation(deps, release),
    deps.store.listDeletions(['waiting', 'consented']),
    deps.store.lastAttempts(id, 10),
    deps.store.listRevisions(id, { limit: 5 }),
  ])
  return {
    release,
    operation,
    deletion: deletions.find((deletion) => deletion.release === id),
    attempts,
    diagnosis: diagnoseRelease(release, revisions.items, attempts),
  }
}

async function currentOperation(deps: Deps, release: ReleaseRecord): Promise<ReleaseDetail['operation']> {
  const named = release.operation ? await deps.store.getOperation(release.operation) : undefined
  const operation = named ?? (await deps.store.listOperations({ release: release.id, limit: 1 }))[0]
  return operation && withSteps(deps, operation)
}
