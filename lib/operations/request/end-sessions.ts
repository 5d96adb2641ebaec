import { Fault } from '#lib/core/fault/index.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import type { RequestDeps } from './run-command.ts'

/** Ends one session: one's own, or as an administrator anybody's. Throws `not-found`, for those of others too. */
export async function endSession(deps: RequestDeps, caller: Caller, id: string): Promise<{ ended: number }> {
  const session = await deps.store.getSession(id)
  if (session && session.person !== caller.id) ask(caller, 'people:write')
  if (!session) throw new Fault('not-found', 'There is no such session (any more).')
  return end(deps, caller, session.person, { only: id })
}

/** Ends every session of the caller but the one that asks. */
export async function endOtherSessions(deps: RequestDeps, caller: Caller): Promise<{ ended: number }> {
  return end(deps, caller, caller.id, { except: caller.session })
}

/** Ends every session of a person. */
export async function endSessionsOf(deps: RequestDeps, caller: Caller, person: string): Promise<{ ended: number }> {
  ask(caller, 'people:write')
  if (!(await deps.store.getPerson(person))) throw new Fault('not-found', 'There is nobody with this id.')
  return end(deps, caller, person, {})
}

async function end(
  deps: RequestDeps,
  caller: Caller,
  person: string,
  which: { only?: string; except?: string },
): Promise<{ ended: number }> {
  const at = deps.clock.now()
  const ended = await deps.store.transaction(async (store) => {
    const subject = (await store.getPerson(person))?.email ?? person
    const count = await store.endSessions(person, which)
    const data = { sessions: count, ...(which.only && { session: which.only }) }
    if (count > 0) await store.record([{ at, kind: 'session.ended', actor: caller.email, subject, data }])
    return count
  })
  return { ended }
}
