import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { visibleRelease } from '../read/release-view.ts'
import { runCommand } from './run-command.ts'
import type { CommandAnswer, RequestDeps } from './run-command.ts'

/** Holds the release as it is. Throws `not-found`, `forbidden`, and what the worker refuses with. */
export async function lockRelease(
  deps: RequestDeps,
  caller: Caller,
  id: string,
  wanted: { message: string; until?: string },
): Promise<CommandAnswer> {
  const release = await visibleRelease(deps, caller, id)
  ask(caller, 'holds:write', release.environment)
  return runCommand(deps, caller, 'lock-release', { release: id, message: wanted.message, until: wanted.until })
}
