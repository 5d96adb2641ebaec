import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { visibleRelease } from '../read/release-view.ts'
import { runCommand } from './run-command.ts'
import type { CommandAnswer, RequestDeps } from './run-command.ts'

/** Goes back to an earlier revision and holds it. Throws `not-found`, `forbidden`, and what the worker refuses with. */
export async function rollbackRelease(
  deps: RequestDeps,
  caller: Caller,
  id: string,
  wanted: { revision: number; reason: string; holdUntil?: string },
): Promise<CommandAnswer> {
  const release = await visibleRelease(deps, caller, id)
  ask(caller, 'releases:rollback', release.environment)
  const { revision, reason, holdUntil } = wanted
  return runCommand(deps, caller, 'rollback-release', { release: id, revision, message: reason, holdUntil })
}
