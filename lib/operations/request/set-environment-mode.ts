import { Fault } from '#lib/core/fault/index.ts'
import type { Mode } from '#lib/core/release/types.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { runCommand } from './run-command.ts'
import type { CommandAnswer, RequestDeps } from './run-command.ts'

/** Only look, or act. Throws `not-found` for an environment that has no release and no mode. */
export async function setEnvironmentMode(
  deps: RequestDeps,
  caller: Caller,
  environment: string,
  mode: Mode,
): Promise<CommandAnswer> {
  ask(caller, 'environments:act', environment)
  const [modes, releases] = await Promise.all([
    deps.store.environmentModes(),
    deps.store.listReleases({ environment, limit: 1 }),
  ])
  if (!Object.hasOwn(modes, environment) && releases.items.length === 0) {
    throw new Fault('not-found', `There is no environment ${environment}.`)
  }
  return runCommand(deps, caller, 'set-environment-mode', { environment, mode })
}
