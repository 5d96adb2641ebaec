import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { runCommand, type CommandAnswer, type RequestDeps } from './run-command.ts'

/** Has the worker make a new key pair; only it ever has the private half. */
export async function rotateDeployKey(deps: RequestDeps, caller: Caller): Promise<CommandAnswer> {
  ask(caller, 'settings:write')
  return runCommand(deps, caller, 'rotate-deploy-key', {})
}
