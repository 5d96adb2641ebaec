import { allows, type Role } from '#lib/core/access/index.ts'
import { describeGates, type Gates } from '#lib/core/gate/index.ts'
import type { GuardFact, LooseningRecord, Store } from '#lib/ports/store/index.ts'
import { askSomewhere } from './caller.ts'
import type { Caller } from './caller.ts'

export interface GatesView {
  environment: string
  gates: string[]
  loosening?: LooseningRecord & { askedOf?: { roles: Role[]; separate: ('requester' | 'author')[] } }
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
      ...(loosening ? { loosening: { ...loosening, askedOf: askedOf(accepted.gates) } } : {}),
    }))
  return { items }
}

function askedOf({ approvals }: Gates) {
  return approvals && { roles: [...approvals.roles], separate: [...approvals.separate] }
}
