import type { Caller } from '../read/caller.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { RequestDeps } from './run-command.ts'

/** How a person is called; commits and the audit trail name them by it from now on. */
export async function renameSelf(deps: RequestDeps, caller: Caller, name: string): Promise<{ name: string }> {
  const at = deps.clock.now()
  await deps.store.transaction(async (store) => {
    const person = await store.getPerson(caller.id)
    if (!person) throw new Fault('unauthenticated', 'You are not signed in.')
    await store.savePerson({ ...person, name })
    const data = { before: person.name, after: name }
    await store.record([{ at, kind: 'person.renamed', actor: caller.email, subject: caller.email, data }])
  })
  return { name }
}
