import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { runCommand, type CommandAnswer, type RequestDeps } from './run-command.ts'

/** Has the worker send a test message; only it can open the channel's secrets. */
export async function testChannel(deps: RequestDeps, caller: Caller, id: string): Promise<CommandAnswer> {
  ask(caller, 'settings:write')
  return runCommand(deps, caller, 'test-channel', { channel: id })
}
