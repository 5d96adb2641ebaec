import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { runCommand, type CommandAnswer, type RequestDeps } from './run-command.ts'

/** Has the worker ask the API server what it may do there. */
export async function testCluster(deps: RequestDeps, caller: Caller): Promise<CommandAnswer> {
  ask(caller, 'settings:write')
  return runCommand(deps, caller, 'test-cluster', {})
}
