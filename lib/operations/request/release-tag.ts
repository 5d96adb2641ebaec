import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { visibleRelease } from '../read/release-view.ts'
import { runCommand } from './run-command.ts'
import type { CommandAnswer, RequestDeps } from './run-command.ts'

/** Releases a tag chosen by hand. Throws `not-found`, `forbidden`, and what the worker refuses with. */
export async function releaseTag(
  deps: RequestDeps,
  caller: Caller,
  id: string,
  wanted: { container: string; tag: string; message: string; force?: boolean },
): Promise<CommandAnswer> {
  const release = await visibleRelease(deps, caller, id)
  ask(caller, 'releases:write', release.environment)
  return runCommand(deps, caller, 'release-tag', { release: id, ...wanted })
}
