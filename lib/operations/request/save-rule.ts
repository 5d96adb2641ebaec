import { Fault } from '#lib/core/fault/index.ts'
import type { RuleScope } from '#lib/core/notification/index.ts'
import type { RuleRecord } from '#lib/ports/store/index.ts'
import type { Wakeups } from '#lib/ports/wakeups.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import type { RequestDeps } from './run-command.ts'

type Deps = RequestDeps & { wakeups: Pick<Wakeups, 'wake'> }

/**
 * Has a channel told of what matches, from what is open now on; with `id` in place of the rule there was. Throws `not-found`
 * for a channel or a rule that is none.
 */
export async function saveRule(
  deps: Deps,
  caller: Caller,
  given: RuleScope & { channel: string },
  id?: string,
): Promise<RuleRecord> {
  ask(caller, 'settings:write')
  const { channel: to, kinds, severities, environments, applications } = given
  const channel = await deps.store.getChannel(to)
  if (!channel) throw new Fault('not-found', 'There is no such channel.')
  const before = id === undefined ? undefined : await ruleOf(deps, id)
  const at = deps.clock.now()
  const scope = { kinds, severities, environments, applications }
  const { createdAt = at, createdBy = caller.email } = before ?? {}
  const rule = { id: id ?? deps.newId('rul'), channel: to, ...scope, createdAt, createdBy }
  await deps.store.transaction(async (store) => {
    await store.saveRule(rule)
    const kind = before ? 'notify-rule.changed' : 'notify-rule.saved'
    const data = { rule: rule.id, channel: to, ...scope }
    await store.record([{ at, kind, actor: caller.email, subject: channel.name, data }])
  })
  deps.wakeups.wake('notify', to)
  return rule
}

async function ruleOf({ store }: Deps, id: string): Promise<RuleRecord> {
  const rule = (await store.listRules()).find((each) => each.id === id)
  if (!rule) throw new Fault('not-found', 'There is no such rule.')
  return rule
}

/** Throws `not-found`. */
export async function removeRule(deps: Deps, caller: Caller, id: string): Promise<{ removed: true }> {
  ask(caller, 'settings:write')
  const rule = await ruleOf(deps, id)
  const channel = await deps.store.getChannel(rule.channel)
  await deps.store.transaction(async (store) => {
    await store.removeRule(id)
    const { kinds, severities, environments, applications } = rule
    const data = { rule: id, channel: rule.channel, kinds, severities, environments, applications }
    const subject = channel?.name ?? rule.channel
    await store.record([{ at: deps.clock.now(), kind: 'notify-rule.removed', actor: caller.email, subject, data }])
  })
  return { removed: true }
}
