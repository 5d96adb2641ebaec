import { channelScope, testMessage } from '#lib/core/notification/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { CommandRecord } from '#lib/ports/store/index.ts'
import { attemptDelivery } from '../work/attempt-delivery.ts'
import type { WorkerDeps } from '../work/deps.ts'
import { settleAlerts } from '../work/settle-alerts.ts'
import type { CommandResult } from './execute-command.ts'

/** Sends a message by the way all others go. One that arrives ends the waiting of those that could not. */
export async function testChannel(deps: WorkerDeps, command: CommandRecord, id: string): Promise<CommandResult> {
  const channel = await deps.store.getChannel(id)
  if (!channel) throw new Fault('not-found', 'There is no such channel.')
  const { name } = command.actor
  const message = testMessage(deps.newId('test'), channel.name, name, deps.settings.webUrl, deps.clock.now())
  const sent = await attemptDelivery(deps, channel, { what: 'test', message }, async (store, answer) => {
    if (answer.kind === 'sent') await store.noteChannel(id, { failures: 0 })
  })
  if (sent.kind !== 'sent')
    throw new Fault('conflict', `The test did not arrive: ${sent.reason}.`, {
      suggestion: 'Correct the channel, and test it again.',
    })
  await settleAlerts(deps, channelScope(id), { wanted: [], kept: [] })
  deps.wakeups.wake('notify', id)
  return { message: `The test has arrived at ${channel.host}.` }
}
