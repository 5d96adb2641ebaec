import type { SignedCheckpoint } from '#lib/core/audit/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { anchorFact, anchorFactName } from './anchor-fact.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'
import type { ShownConfig } from './shown-config.ts'

/** The checkpoint anchored last, as it stands in Git. Throws Fault `not-found` before there is one. */
export async function getCheckpoint(
  deps: { store: Pick<Store, 'getFact'>; shown: Pick<ShownConfig, 'repository'> },
  caller: Caller,
): Promise<SignedCheckpoint> {
  ask(caller, 'audit:read')
  const fact = anchorFact(await deps.store.getFact(anchorFactName), deps.shown.repository)
  if (fact?.anchored) return fact.anchored.checkpoint
  throw new Fault('not-found', 'Nothing has been anchored in Git yet.', {
    suggestion: fact?.problem?.reason ?? 'Anchor the audit trail now, and ask again.',
  })
}
