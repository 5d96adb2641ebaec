import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { visibleRelease } from '../read/release-view.ts'
import { runCommand } from './run-command.ts'
import type { CommandAnswer, RequestDeps } from './run-command.ts'

/** Stops policies from updating the release. Throws `not-found`, `forbidden`, and what the worker refuses with. */
export async function deautomateRelease(
  deps: RequestDeps,
  caller: Caller,
  id: string,
  wanted: { message?: string },
): Promise<CommandAnswer> {
  const release = await visibleRelease(deps, caller, id)
  ask(caller, 'policies:write', release.environment)
  return runCommand(deps, caller, 'deautomate-release', { release: id, message: wanted.message })
}
