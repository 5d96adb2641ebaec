import { sessionLife } from '#lib/core/access/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { SessionRecord, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

interface Deps {
  store: Pick<Store, 'listSessions' | 'getPerson'>
  clock: Clock
}

export interface ShownSession extends Omit<SessionRecord, 'person'> {
  /** The one that asks. */
  current: boolean
  /** When it ends if it is not used again. */
  endsAt: number
}

/** The caller's own sessions, last used first. */
export async function listOwnSessions(deps: Deps, caller: Caller): Promise<{ items: ShownSession[] }> {
  return sessionsOf(deps, caller, caller.id)
}

export async function listSessionsOf(deps: Deps, caller: Caller, person: string): Promise<{ items: ShownSession[] }> {
  ask(caller, 'people:read')
  if (!(await deps.store.getPerson(person))) throw new Fault('not-found', 'There is nobody with this id.')
  return sessionsOf(deps, caller, person)
}

async function sessionsOf(deps: Deps, caller: Caller, person: string): Promise<{ items: ShownSession[] }> {
  const now = deps.clock.now()
  const shown = (await deps.store.listSessions(person)).map((session) => ({
    ...session,
    current: session.id === caller.session,
    endsAt: Math.min(session.expiresAt, session.lastUsedAt + sessionLife.idleMs),
  }))
  return { items: shown.filter(({ endsAt }) => endsAt > now) }
}
