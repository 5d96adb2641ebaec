import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { runCommand } from './run-command.ts'
import type { CommandAnswer, RequestDeps } from './run-command.ts'

/** Fetches the branch now. */
export async function syncRepository(deps: RequestDeps, caller: Caller): Promise<CommandAnswer> {
  ask(caller, 'sync:write')
  return runCommand(deps, caller, 'sync-repository', {})
}
