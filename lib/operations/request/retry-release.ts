import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { visibleRelease } from '../read/release-view.ts'
import { runCommand } from './run-command.ts'
import type { CommandAnswer, RequestDeps } from './run-command.ts'

/** Tries a failed release again. Throws `not-found`, `forbidden`, and what the worker refuses with. */
export async function retryRelease(
  deps: RequestDeps,
  caller: Caller,
  id: string,
  wanted: { message?: string },
): Promise<CommandAnswer> {
  const release = await visibleRelease(deps, caller, id)
  ask(caller, 'releases:write', release.environment)
  return runCommand(deps, caller, 'retry-release', { release: id, message: wanted.message })
}
