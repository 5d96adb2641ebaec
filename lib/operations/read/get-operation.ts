import { Fault } from '#lib/core/fault/index.ts'
import type { OperationRecord, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'
import { operationSteps } from './operation-steps.ts'
import type { OperationStep } from './operation-steps.ts'
import { visibleRelease } from './release-view.ts'

/** Audit rows looked at for the steps; an operation has far fewer. */
const stepRows = 200

type Deps = { store: Pick<Store, 'getOperation' | 'getRelease' | 'listAudit'> }

/** One operation with its steps. Throws `not-found`, `forbidden`. */
export async function getOperation(
  deps: Deps,
  caller: Caller,
  id: string,
): Promise<OperationRecord & { steps: OperationStep[] }> {
  const operation = await deps.store.getOperation(id)
  if (!operation) throw new Fault('not-found', 'There is no operation with this id.')
  if (operation.release && (await deps.store.getRelease(operation.release))) {
    await visibleRelease(deps, caller, operation.release)
  } else {
    ask(caller, 'releases:read')
  }
  return withSteps(deps, operation)
}

export async function withSteps(
  deps: { store: Pick<Store, 'listAudit'> },
  operation: OperationRecord,
): Promise<OperationRecord & { steps: OperationStep[] }> {
  const rows = await deps.store.listAudit({ operation: operation.id, limit: stepRows })
  return { ...operation, steps: operationSteps(rows.items) }
}
