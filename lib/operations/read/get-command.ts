import { Fault } from '#lib/core/fault/index.ts'
import { allows } from '#lib/core/access/index.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { commandAnswer } from '../request/run-command.ts'
import type { CommandAnswer } from '../request/run-command.ts'
import type { Caller } from './caller.ts'

/** How a command went that the caller gave (an administrator sees everyone's). Throws the fault it ended with. */
export async function getCommand(
  deps: { store: Pick<Store, 'getCommand'> },
  caller: Caller,
  id: string,
): Promise<CommandAnswer> {
  const command = await deps.store.getCommand(id)
  const own = command?.actor.id === caller.id || allows(caller, 'people:read')
  if (!command || !own) throw new Fault('not-found', 'There is no command with this id.')
  return commandAnswer(command)
}
