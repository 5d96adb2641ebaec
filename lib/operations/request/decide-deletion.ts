import { Fault } from '#lib/core/fault/index.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { runCommand } from './run-command.ts'
import type { CommandAnswer, RequestDeps } from './run-command.ts'

/** Consents to a deletion, or keeps the object. Throws `not-found`, `forbidden`, `conflict` once it is decided. */
export async function decideDeletion(
  deps: RequestDeps,
  caller: Caller,
  id: string,
  wanted: { decision: 'delete' | 'keep' },
): Promise<CommandAnswer> {
  const deletion = await deps.store.getDeletion(id)
  if (!deletion) throw new Fault('not-found', 'There is no deletion with this id.')
  ask(caller, 'deletions:consent', deletion.environment)
  if (deletion.state !== 'waiting') throw new Fault('conflict', `This deletion is already ${deletion.state}.`)
  return runCommand(deps, caller, 'decide-deletion', { deletion: id, decision: wanted.decision })
}
