import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { visibleRelease } from '../read/release-view.ts'
import { runCommand } from './run-command.ts'
import type { CommandAnswer, RequestDeps } from './run-command.ts'

/** Changes a tag filter; `pattern: null` removes it. Throws `not-found`, `forbidden`, and what the worker refuses with. */
export async function setPolicy(
  deps: RequestDeps,
  caller: Caller,
  id: string,
  wanted: { container: string; pattern: string | null; message?: string },
): Promise<CommandAnswer> {
  const release = await visibleRelease(deps, caller, id)
  ask(caller, 'policies:write', release.environment)
  return runCommand(deps, caller, 'set-policy', { release: id, ...wanted })
}
