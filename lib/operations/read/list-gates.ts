import { allows, type Role } from '#lib/core/access/index.ts'
import { describeGates, type Gates } from '#lib/core/gate/index.ts'
import type { LooseningRecord, Store } from '#lib/ports/store/index.ts'
import { askSomewhere } from './caller.ts'
import type { Caller } from './caller.ts'
import { guardsFact } from './facts.ts'
import type { ShownConfig } from './shown-config.ts'

export interface GatesView {
  environment: string
  gates: string[]
  loosening?: LooseningRecord & { askedOf?: { roles: Role[]; separate: ('requester' | 'author')[] } }
}

/** The gates in force as the worker keeps them; those of environments the caller may not see are left out. */
export async function listGates(
  deps: { store: Pick<Store, 'getFact'>; shown: Pick<ShownConfig, 'repository' | 'branch'> },
  caller: Caller,
): Promise<{ items: GatesView[] }> {
  askSomewhere(caller, 'promotions:read')
  const guards = guardsFact(await deps.store.getFact('guards'), deps.shown)
  const items = Object.entries(guards)
    .filter(([environment]) => allows(caller, 'promotions:read', environment))
    .map(([environment, { accepted, loosening }]) => ({
      environment,
      gates: describeGates(accepted.gates),
      ...(loosening ? { loosening: { ...loosening, askedOf: askedOf(accepted.gates) } } : {}),
    }))
  return { items }
}

/** Where only checks stand in the way, whoever may override them. */
function askedOf({ approvals, checks, override }: Gates): NonNullable<GatesView['loosening']>['askedOf'] {
  if (approvals) return { roles: [...approvals.roles], separate: [...approvals.separate] }
  return checks?.length && override.length > 0 ? { roles: [...override], separate: [] } : undefined
}
