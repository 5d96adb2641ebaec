import { Fault } from '#lib/core/fault/index.ts'
import { ask, type Caller } from '../read/caller.ts'
import { runCommand, type CommandAnswer, type RequestDeps } from './run-command.ts'

/** What a system outside says of a promotion's plan. Throws `not-found`, `forbidden`, and what the worker refuses with. */
export async function reportCheck(
  deps: RequestDeps,
  caller: Caller,
  id: string,
  said: Record<string, unknown>,
): Promise<CommandAnswer> {
  const promotion = await deps.store.getPromotion(id)
  if (!promotion) throw new Fault('not-found', 'There is no such promotion.')
  ask(caller, 'promotions:check', promotion.environment)
  return runCommand(deps, caller, 'report-check', { promotion: id, ...said })
}
