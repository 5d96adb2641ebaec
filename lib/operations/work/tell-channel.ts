import {
  channelScope,
  goesTo,
  isSilenced,
  messageOf,
  nextTelling,
  stateOf,
  type Rule,
  type Silence,
  type Telling,
} from '#lib/core/notification/index.ts'
import type { Sent } from '#lib/ports/notifier.ts'
import type { AlertRecord, ChannelRecord, NotificationRecord, Store } from '#lib/ports/store/index.ts'
import { attemptDelivery } from './attempt-delivery.ts'
import type { WorkerDeps } from './deps.ts'
import { settleAlerts } from './settle-alerts.ts'

type Deps = Pick<
  WorkerDeps,
  | 'store'
  | 'clock'
  | 'settings'
  | 'memory'
  | 'lease'
  | 'notifier'
  | 'gitHost'
  | 'newId'
  | 'log'
  | 'wakeups'
  | 'redaction'
>

const firstRetryMs = 10_000
const longestRetryMs = 300_000
/** What only a person can mend is tried this often. */
const refusedRetryMs = 900_000
/** From so many failures in a row on there is an incident of its own. */
const failuresTold = 3

interface Due {
  telling: Exclude<Telling, { kind: 'nothing' }>
  alert: AlertRecord
  known?: NotificationRecord
}

/**
 * Tells one channel what it does not know yet, oldest incident first, and stops at the first failure: what changes in the
 * meantime comes to one message. Returns when it is to be looked at again, in milliseconds since the epoch; undefined = when
 * something happens. What was told is known after a restart.
 */
export async function tellChannel(deps: Deps, id: string): Promise<number | undefined> {
  const { store, clock } = deps
  const channel = await store.getChannel(id)
  if (!channel) {
    await settleAlerts(deps, channelScope(id), { wanted: [], kept: [] })
    return undefined
  }
  const [rules, silences] = await Promise.all([
    store.listRules(),
    store.listSilences({ inForceAt: clock.now(), limit: 500 }),
  ])
  const silenceEnds = silences.map(({ until }) => until).sort((a, b) => a - b)
  const due = await dueFor(deps, channel, rules, silences)
  return (await tellAll(deps, id, due)) ?? silenceEnds[0]
}

/**
 * Returns when to go on; undefined = all is told. A message that is refused while the one behind it is taken was not for
 * this channel, and holds up nothing more.
 */
async function tellAll(deps: Deps, id: string, due: readonly Due[]): Promise<number | undefined> {
  const { store, clock } = deps
  let lost = false
  let refused: Due | undefined
  for (const [index, next] of due.entries()) {
    const channel = await store.getChannel(id)
    if (!channel) return undefined
    if (!refused && channel.retryAt !== undefined && channel.retryAt > clock.now())
      return waitFor(deps, id, due.slice(index))
    const sent = await tellOnce(deps, channel, next)
    if (sent.kind === 'later' || (sent.kind === 'refused' && refused)) return waitFor(deps, id, due.slice(index + 1))
    if (sent.kind === 'refused') refused = next
    else if (refused) {
      await giveUp(deps, id, refused)
      refused = undefined
    }
    lost ||= sent.kind === 'lost'
  }
  if (refused) return waitFor(deps, id, [])
  return lost ? clock.now() : undefined
}

/** The log keeps that it was refused; a newer state of it is tried again. */
async function giveUp({ store }: Deps, channel: string, { alert, known }: Due): Promise<void> {
  const told = { state: stateOf(alert), version: alert.version }
  await store.saveNotification({ ...known, alert: alert.id, channel, told })
}

/** What should have been told is told when the channel is back, even if it is over by then. */
async function waitFor({ store }: Deps, id: string, due: readonly Due[]): Promise<number | undefined> {
  const channel = await store.getChannel(id)
  if (!channel) return undefined
  for (const { alert, known } of due) if (!known) await store.saveNotification({ alert: alert.id, channel: id })
  return channel.retryAt
}

async function dueFor(
  { store, clock }: Deps,
  channel: ChannelRecord,
  rules: readonly Rule[],
  silences: readonly Silence[],
): Promise<Due[]> {
  const incidents = await store.incidentsFor(channel.id)
  return incidents.flatMap(({ alert, known }) => {
    const telling = nextTelling(alert, channel.config.kind, {
      told: known?.told && { ...known.told, editable: known.handle !== undefined },
      tried: known !== undefined,
      wanted: goesTo(channel.id, rules, alert),
      silenced: isSilenced(silences, alert, clock.now()),
    })
    return telling.kind === 'nothing' ? [] : [{ telling, alert, known }]
  })
}

async function tellOnce(deps: Deps, channel: ChannelRecord, { telling, alert, known }: Due): Promise<Sent> {
  const { memory, settings, redaction } = deps
  const own = alert.release === undefined ? [] : memory.secrets.of(alert.release)
  const secrets = [...memory.secrets.everywhere(), ...own]
  const redact = (text: string) => redaction.notification(text, secrets)
  const message = messageOf(alert, { webUrl: settings.webUrl, redact })
  const attempt = { what: telling.kind, alert: alert.id, message, handle: known?.handle }
  let failures = 0
  const sent = await attemptDelivery(deps, channel, attempt, async (store, answer) => {
    failures = await noteAnswer(deps, store, channel, answer)
    await store.saveNotification(knownAfter(channel, alert, known, answer))
  })
  await settleChannelAlert(deps, channel, failures, sent)
  return sent
}

/** What the channel knows now. A message that is gone cannot be edited any more: what follows is a new one. */
function knownAfter(
  channel: ChannelRecord,
  alert: AlertRecord,
  known: NotificationRecord | undefined,
  sent: Sent,
): NotificationRecord {
  const before = known ?? { alert: alert.id, channel: channel.id }
  switch (sent.kind) {
    case 'sent': {
      const told = { state: stateOf(alert), version: alert.version }
      return { ...before, told, handle: sent.handle ?? before.handle }
    }
    case 'lost':
      return { ...before, handle: undefined }
    case 'later':
    case 'refused':
      return before
  }
}

/** Returns the failures in a row. */
async function noteAnswer({ clock }: Deps, store: Store, channel: ChannelRecord, sent: Sent): Promise<number> {
  if (sent.kind === 'sent' || sent.kind === 'lost') {
    if (channel.failures > 0) await store.noteChannel(channel.id, { failures: 0 })
    return 0
  }
  const failures = channel.failures + 1
  const waitMs =
    sent.kind === 'refused'
      ? refusedRetryMs
      : (sent.afterMs ?? Math.min(firstRetryMs * 2 ** Math.min(failures - 1, 10), longestRetryMs))
  await store.noteChannel(channel.id, { failures, retryAt: clock.now() + waitMs, problem: sent.reason })
  return failures
}

/** One incident for a channel that fails; it is told by the other channels. */
async function settleChannelAlert(deps: Deps, { id, name }: ChannelRecord, failures: number, sent: Sent) {
  const scope = channelScope(id)
  if (failures > 0 && failures < failuresTold && sent.kind !== 'refused') return
  const reason = sent.kind === 'sent' ? '' : sent.reason
  const alert = {
    key: `${scope}failing`,
    kind: 'channel-failing',
    severity: 'warning' as const,
    title: `${name} takes no notifications`,
    detail: `${reason}. What is to be told waits, the newest state of it.`,
    nextStep: 'Look at the channel in Settings, Notifications, and press its test button.',
  }
  await settleAlerts(deps, scope, { wanted: failures === 0 ? [] : [alert], kept: [] })
}
