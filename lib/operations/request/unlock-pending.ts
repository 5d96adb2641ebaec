import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { visibleRelease } from '../read/release-view.ts'
import { runCommand } from './run-command.ts'
import type { CommandAnswer, RequestDeps } from './run-command.ts'

/** Frees a release stuck in a pending status. Throws `not-found`, `forbidden`, and what the worker refuses with. */
export async function unlockPending(
  deps: RequestDeps,
  caller: Caller,
  id: string,
  wanted: { message?: string },
): Promise<CommandAnswer> {
  const release = await visibleRelease(deps, caller, id)
  ask(caller, 'releases:write', release.environment)
  return runCommand(deps, caller, 'unlock-pending', { release: id, message: wanted.message })
}
