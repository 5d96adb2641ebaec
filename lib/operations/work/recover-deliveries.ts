import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'gitHost' | 'settings' | 'log' | 'lease'>

/** Milliseconds back that deliveries are asked for again; what is older has been found by polling. */
const recoveredMs = 3_600_000

/**
 * Has the host send again what nobody took in the last hour: it never tries by itself. Returns how many. A delivery that
 * was taken after all is known by its name and not handled twice.
 */
export async function recoverDeliveries({ store, clock, gitHost, settings, log, lease }: Deps): Promise<number> {
  if (!gitHost) return 0
  const hooks = (await store.listWebhooks()).filter(({ kind }) => kind === 'github')
  let asked = 0
  for (const { id } of hooks) {
    const url = `${settings.webUrl}/api/webhooks/${id}`
    for (const missed of await gitHost.missedDeliveries(url, clock.now() - recoveredMs)) {
      lease.assertHeld()
      await store.record([
        {
          at: clock.now(),
          kind: 'webhook.redelivery-asked',
          actor: 'wheelhouse',
          subject: id,
          data: { event: missed.event, delivery: missed.delivery, missedAt: missed.at },
        },
      ])
      await gitHost.redeliver(missed)
      asked += 1
    }
  }
  if (asked > 0) log.info('asked for missed deliveries again', { asked })
  return asked
}
