import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { runCommand } from './run-command.ts'
import type { CommandAnswer, RequestDeps } from './run-command.ts'

/** Writes down in Git now where the audit chain stands. */
export async function anchorAudit(deps: RequestDeps, caller: Caller): Promise<CommandAnswer> {
  ask(caller, 'sync:write')
  return runCommand(deps, caller, 'anchor-audit', {})
}
