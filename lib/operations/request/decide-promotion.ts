import { Fault } from '#lib/core/fault/index.ts'
import type { Permission } from '#lib/core/access/index.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { runCommand } from './run-command.ts'
import type { CommandAnswer, CommandName, RequestDeps } from './run-command.ts'

type Decision = Extract<CommandName, 'approve-promotion' | 'apply-promotion' | 'override-gate' | 'withdraw-promotion'>

const permissions = {
  'approve-promotion': 'promotions:approve',
  'apply-promotion': 'promotions:write',
  'override-gate': 'freezes:override',
  'withdraw-promotion': 'promotions:write',
} as const satisfies Record<Decision, Permission>

/** What somebody says to a promotion. Throws `not-found`, `forbidden`, and what the worker refuses with. */
export async function decidePromotion(
  deps: RequestDeps,
  caller: Caller,
  id: string,
  name: Decision,
  said: Record<string, unknown>,
): Promise<CommandAnswer> {
  const promotion = await deps.store.getPromotion(id)
  if (!promotion) throw new Fault('not-found', 'There is no such promotion.')
  ask(caller, permissions[name], promotion.environment)
  return runCommand(deps, caller, name, { promotion: id, ...said })
}
