import { channelBinding } from '#lib/core/credential/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { secretNames, secretsOf, type ChannelConfig, type ChannelSecrets } from '#lib/core/notification/index.ts'
import type { ChannelRecord } from '#lib/ports/store/index.ts'
import type { Wakeups } from '#lib/ports/wakeups.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { shownChannel, type ShownChannel } from '../read/list-channels.ts'
import type { RequestDeps } from './run-command.ts'
import { sealForWorker, type SealDeps } from './seal-for-worker.ts'

type Deps = RequestDeps & SealDeps & { wakeups: Pick<Wakeups, 'wake'> }

export interface GivenChannel {
  name: string
  config: ChannelConfig
  /** Of the mail server. */
  host?: string
  secrets: ChannelSecrets
}

/**
 * Keeps a channel whose secrets only the worker can read. Of one that is changed (`id`), secrets that are left out stay, as
 * long as it goes to the same host: elsewhere they would be given away. Throws Fault `invalid`, `conflict`, `not-found`.
 */
export async function saveChannel(deps: Deps, caller: Caller, given: GivenChannel, id?: string): Promise<ShownChannel> {
  ask(caller, 'settings:write')
  const before = id === undefined ? undefined : await deps.store.getChannel(id)
  if (id !== undefined && !before) throw new Fault('not-found', 'There is no such channel.')
  if (before && before.config.kind !== given.config.kind)
    throw new Fault('invalid', 'A channel stays of its kind.', {
      suggestion: 'Set up another one, and remove this one.',
    })
  const at = deps.clock.now()
  const own = id ?? deps.newId('chn')
  const host = hostOf(given, before)
  const kept = before?.host === host ? before.sealed : {}
  const sealed = await sealAll(deps, { id: own, host }, given, kept)
  const channel: ChannelRecord = {
    id: own,
    name: given.name,
    host,
    config: given.config,
    sealed,
    createdAt: before?.createdAt ?? at,
    createdBy: before?.createdBy ?? caller.email,
    // What was wrong with it may be mended: it is tried at once.
    failures: 0,
  }
  await deps.store.transaction(async (store) => {
    await store.saveChannel(channel)
    const kind = before ? 'notify-channel.changed' : 'notify-channel.saved'
    const data = { channel: own, name: given.name, host, config: given.config, secrets: Object.keys(given.secrets) }
    await store.record([{ at, kind, actor: caller.email, subject: given.name, data }])
  })
  deps.wakeups.wake('notify', own)
  return shownChannel(channel)
}

async function sealAll(
  deps: SealDeps,
  row: { id: string; host: string },
  { config, secrets }: GivenChannel,
  kept: ChannelRecord['sealed'],
): Promise<ChannelRecord['sealed']> {
  const { needed, optional } = secretsOf[config.kind]
  const sealed: ChannelRecord['sealed'] = {}
  for (const name of secretNames) {
    const secret = secrets[name]
    if (![...needed, ...optional].includes(name)) continue
    if (secret !== undefined) sealed[name] = await sealForWorker(deps, secret, channelBinding(row, name))
    else if (kept[name] !== undefined) sealed[name] = kept[name]
    else if (needed.includes(name))
      throw new Fault('invalid', `${words[name]} is needed.`, {
        suggestion: 'Enter it; a secret that was entered for another host is not taken along.',
      })
  }
  return sealed
}

const words = {
  url: 'The address of the webhook',
  token: 'The token of the bot',
  routingKey: 'The integration key',
  password: 'The password',
  signingKey: 'The signing key',
} as const

/** Where secrets may go: part of what they are sealed for. */
function hostOf({ config, host, secrets }: GivenChannel, before: ChannelRecord | undefined): string {
  switch (config.kind) {
    case 'slack-app':
      return 'slack.com'
    case 'pagerduty':
      return config.region === 'eu' ? 'events.eu.pagerduty.com' : 'events.pagerduty.com'
    case 'email':
      if (!host) throw new Fault('invalid', 'The host of the mail server is needed.')
      return host
    case 'github':
      return 'the repository'
    case 'slack':
    case 'teams':
    case 'discord':
    case 'webhook':
      return secrets.url === undefined && before ? before.host : hostOfUrl(secrets.url)
  }
}

/** Host of an address that may be called; throws Fault `invalid`. */
export function hostOfUrl(text = ''): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['https:', 'http:'].includes(url.protocol) || url.username !== '' || url.password !== '')
    throw new Fault('invalid', 'This is no address that can be called.', {
      suggestion: 'Give an https:// address without a name and password in it.',
    })
  return url.host
}
