import { Fault } from '#lib/core/fault/index.ts'
import type { Message } from '#lib/core/notification/index.ts'
import { textRedactor } from '#lib/core/redact/index.ts'
import type { Handle, OpenChannel, Sent } from '#lib/ports/notifier.ts'
import type { ChannelRecord, DeliveryRecord, Store } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { openChannel } from './open-channel.ts'
import { tellCommit } from './tell-commit.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'settings' | 'memory' | 'lease' | 'notifier' | 'gitHost' | 'newId'>

export interface Attempt {
  what: DeliveryRecord['what']
  alert?: string
  message: Message
  /** Of what was said before: edited by an `edit`, answered by a `follow-up`. */
  handle?: Handle
}

/**
 * Tells once, between two entries of the log of deliveries: one that begins, and one that says how it went. `note` writes
 * what follows from it in the same transaction. Faults of the database alone are thrown.
 */
export async function attemptDelivery(
  deps: Deps,
  channel: ChannelRecord,
  attempt: Attempt,
  note: (store: Store, sent: Sent) => Promise<void>,
): Promise<Sent> {
  const { store, clock } = deps
  const at = clock.now()
  const { what, alert } = attempt
  const begun: DeliveryRecord = { id: deps.newId('dlv'), channel: channel.id, alert, at, what, outcome: 'sending' }
  deps.lease.assertHeld()
  await store.saveDelivery(begun)
  const sent = await tell(deps, channel, attempt)
  const outcome = sent.kind === 'sent' ? 'sent' : 'failed'
  const reason = sent.kind === 'sent' ? sent.answer : sent.reason
  await store.transaction(async (inner) => {
    await inner.saveDelivery({ ...begun, outcome, reason, tookMs: clock.now() - at })
    await note(inner, sent)
  })
  return sent
}

async function tell(deps: Deps, channel: ChannelRecord, attempt: Attempt): Promise<Sent> {
  const { what, message, handle, alert } = attempt
  const { config } = channel
  if (config.kind === 'github') return tellCommit(deps, message, { alert, handle })
  let open: OpenChannel
  try {
    open = openChannel(deps, { ...channel, config })
    deps.memory.secrets.add(`channel ${channel.id}`, Object.values(open.secrets))
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { kind: 'refused', reason: `${error.message} ${error.suggestion ?? ''}`.trim() }
  }
  const sent =
    what === 'edit' && handle
      ? await deps.notifier.update(open, handle, message)
      : await deps.notifier.send(open, message, handle)
  return withoutSecrets(open, sent)
}

/** Whatever the other side says back: it may repeat what it was asked with. */
function withoutSecrets(open: OpenChannel, sent: Sent): Sent {
  const redact = textRedactor(textsOf(open))
  if (sent.kind === 'sent') return { ...sent, answer: redact(sent.answer) }
  return { ...sent, reason: redact(sent.reason) }
}

/** An address is secret from its path on. */
function textsOf({ secrets }: OpenChannel): string[] {
  const url = secrets.url === undefined ? [] : [new URL(secrets.url).pathname, new URL(secrets.url).search]
  return [...Object.values(secrets), ...url]
}
