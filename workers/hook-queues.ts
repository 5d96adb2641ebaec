import { announcementMs } from '#lib/core/alert/index.ts'
import type { WorkerDeps } from '#lib/operations/work/deps.ts'
import { heardWebhook, judgeWebhook } from '#lib/operations/work/judge-webhook.ts'
import { recoverDeliveries } from '#lib/operations/work/recover-deliveries.ts'
import { keyedQueue } from './keyed-queue.ts'
import { periodicQueue } from './periodic-queue.ts'

/** Deliveries that nobody took are asked for again this often: whatever is lost is made up for within five minutes. */
const recoverEveryMs = 120_000

/** What is looked at on account of webhooks themselves: whether they are silent, and what they missed. */
export function hookQueues(deps: WorkerDeps) {
  const { log, clock } = deps
  const expected = keyedQueue({
    log,
    clock,
    name: 'announcement',
    concurrency: 1,
    run: (commit) => judgeWebhook(deps, commit, clock.now() - announcementMs),
  })
  const heard = keyedQueue({ log, clock, name: 'webhook', concurrency: 1, run: (hook) => heardWebhook(deps, hook) })
  const recovering = periodicQueue(deps, 'redelivery', recoverEveryMs, async () => void (await recoverDeliveries(deps)))
  return { expected, heard, recovering }
}

/** Polling moved the branch from one commit to another: its announcement has to be there soon. */
export function expectAnnouncement(
  { clock }: Pick<WorkerDeps, 'clock'>,
  { expected }: Pick<ReturnType<typeof hookQueues>, 'expected'>,
  before: string | undefined,
  after: string | undefined,
): void {
  if (before !== undefined && after !== undefined && before !== after)
    expected.wakeAt(after, clock.now() + announcementMs)
}
