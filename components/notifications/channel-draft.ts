import type { Channel } from '#lib/api/notifications.ts'
import { secretNames, secretsOf, type ChannelKind, type SecretName } from '#lib/core/notification/index.ts'
import type { GivenChannel } from './use-notifications.ts'

/** What the dialog holds: every field a text, as people type it. */
export interface ChannelDraft {
  name: string
  kind: ChannelKind
  slackChannel: string
  region: 'us' | 'eu'
  host: string
  port: string
  tls: 'implicit' | 'starttls' | 'none'
  username: string
  from: string
  to: string
  secrets: Partial<Record<SecretName, string>>
}

const empty: ChannelDraft = {
  name: '',
  kind: 'slack',
  slackChannel: '',
  region: 'us',
  host: '',
  port: '587',
  tls: 'starttls',
  username: '',
  from: '',
  to: '',
  secrets: {},
}

export function draftOf(channel: Channel | undefined): ChannelDraft {
  if (!channel) return empty
  const { name, config, host } = channel
  const draft = { ...empty, name, kind: config.kind }
  switch (config.kind) {
    case 'slack-app':
      return { ...draft, slackChannel: config.channel }
    case 'pagerduty':
      return { ...draft, region: config.region }
    case 'email': {
      const { port, tls, username = '', from, to } = config
      return { ...draft, host, port: String(port), tls, username, from, to: to.join(', ') }
    }
    default:
      return draft
  }
}

/** `kept`: secrets that were entered before and may stay. */
export function missingIn(draft: ChannelDraft, kept: readonly SecretName[]): string | undefined {
  if (draft.name.trim() === '') return 'A name is needed.'
  if (draft.kind === 'slack-app' && draft.slackChannel.trim() === '') return 'The id of the channel is needed.'
  if (draft.kind === 'email' && [draft.host, draft.from, draft.to].some((text) => text.trim() === ''))
    return 'Mail server, sender and recipients are needed.'
  const lacking = secretsOf[draft.kind].needed.filter((name) => !draft.secrets[name] && !kept.includes(name))
  return lacking.length > 0 ? 'What is encrypted to the worker is needed once.' : undefined
}

export function givenBy(draft: ChannelDraft): GivenChannel {
  const entered = secretNames.filter((name) => draft.secrets[name])
  const secrets = Object.fromEntries(entered.map((name) => [name, draft.secrets[name]]))
  const common = { name: draft.name, secrets }
  switch (draft.kind) {
    case 'slack-app':
      return { ...common, config: { kind: draft.kind, channel: draft.slackChannel } }
    case 'pagerduty':
      return { ...common, config: { kind: draft.kind, region: draft.region } }
    case 'email': {
      const { host, port, tls, username, from, to } = draft
      const recipients = to.split(/[\s,;]+/).filter(Boolean)
      const config = {
        kind: draft.kind,
        port: Number(port),
        tls,
        username: username || undefined,
        from,
        to: recipients,
      }
      return { ...common, host, config }
    }
    default:
      return { ...common, config: { kind: draft.kind } }
  }
}
