import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { runCommand } from './run-command.ts'
import type { CommandAnswer, RequestDeps } from './run-command.ts'

/** What somebody says to gates becoming looser. Throws `forbidden`, and what the worker refuses with. */
export async function approveGates(
  deps: RequestDeps,
  caller: Caller,
  environment: string,
  said: { digest: string; decision: 'approve' | 'reject'; message?: string },
): Promise<CommandAnswer> {
  ask(caller, 'promotions:approve', environment)
  return runCommand(deps, caller, 'approve-gates', { environment, ...said })
}
