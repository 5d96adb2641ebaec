import { Fault } from '#lib/core/fault/index.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { runCommand } from './run-command.ts'
import type { CommandAnswer, RequestDeps } from './run-command.ts'

/** Reads the tags of a watched repository now. Throws `not-found` for one that is not watched. */
export async function scanImage(
  deps: RequestDeps,
  caller: Caller,
  wanted: { repository: string },
): Promise<CommandAnswer> {
  ask(caller, 'sync:write')
  if (!(await deps.store.getImageRepository(wanted.repository))) {
    throw new Fault('not-found', `${wanted.repository} is not watched.`)
  }
  return runCommand(deps, caller, 'scan-image', { repository: wanted.repository })
}
