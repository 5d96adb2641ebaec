import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { runCommand, type CommandAnswer, type RequestDeps } from './run-command.ts'

/** Has the worker try out what it needs of the repository; only it has the credentials. */
export async function testRepository(deps: RequestDeps, caller: Caller): Promise<CommandAnswer> {
  ask(caller, 'settings:write')
  return runCommand(deps, caller, 'test-repository', {})
}
