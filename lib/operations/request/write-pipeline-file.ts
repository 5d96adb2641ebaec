import { Fault } from '#lib/core/fault/index.ts'
import { readWheelhouseYaml } from '#lib/core/pipeline/index.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { runCommand } from './run-command.ts'
import type { CommandAnswer, RequestDeps } from './run-command.ts'

/** Asks Git for its head, which may be far away. */
const patienceMs = 10_000

/** Writes `wheelhouse.yaml`. Throws `forbidden`, `invalid` with the line, and what the worker refuses with. */
export async function writePipelineFile(
  deps: RequestDeps,
  caller: Caller,
  wanted: { text: string; base: string | null; message: string },
): Promise<CommandAnswer> {
  ask(caller, 'settings:write')
  const wrong = readWheelhouseYaml(wanted.text).problems.find(({ severity }) => severity === 'error')
  if (wrong) {
    const place = wrong.line === undefined ? '' : ` (line ${wrong.line})`
    throw new Fault('invalid', `${wrong.message}${place}`, { suggestion: wrong.suggestion })
  }
  return runCommand(deps, caller, 'configure-pipeline', wanted, patienceMs)
}
