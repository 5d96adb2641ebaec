import { allows } from '#lib/core/access/index.ts'
import { describeGates } from '#lib/core/gate/index.ts'
import type { GuardFact, LooseningRecord, Store } from '#lib/ports/store/index.ts'
import { askSomewhere } from './caller.ts'
import type { Caller } from './caller.ts'

export interface GatesView {
  environment: string
  gates: string[]
  loosening?: LooseningRecord
}

/** The gates in force as the worker keeps them; those of environments the caller may not see are left out. */
export async function listGates(
  deps: { store: Pick<Store, 'getFact'> },
  caller: Caller,
): Promise<{ items: GatesView[] }> {
  askSomewhere(caller, 'promotions:read')
  const fact = (await deps.store.getFact('guards')) as Partial<GuardFact> | null | undefined
  const items = Object.entries(fact?.environments ?? {})
    .filter(([environment]) => allows(caller, 'promotions:read', environment))
    .map(([environment, { accepted, loosening }]) => ({
      environment,
      gates: describeGates(accepted.gates),
      ...(loosening ? { loosening } : {}),
    }))
  return { items }
}
