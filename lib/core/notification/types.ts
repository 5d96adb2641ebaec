export const channelKinds = [
  'slack',
  'slack-app',
  'teams',
  'discord',
  'pagerduty',
  'email',
  'github',
  'webhook',
] as const
export type ChannelKind = (typeof channelKinds)[number]

/** What a channel needs beside its secrets, as pages show it. */
export type ChannelConfig =
  | SenderConfig
  /** The host of the config repository: statuses of commits, and deployments. */
  | { kind: 'github' }

/** Of those that are sent a message. */
export type SenderConfig =
  /** An incoming webhook: it cannot edit what it said. */
  | { kind: 'slack' }
  /** A bot with `chat:write`; `channel` is its id. */
  | { kind: 'slack-app'; channel: string }
  /** A workflow that posts what a webhook request says. */
  | { kind: 'teams' }
  | { kind: 'discord' }
  | { kind: 'pagerduty'; region: 'us' | 'eu' }
  | {
      kind: 'email'
      port: number
      /** `implicit` = TLS from the first byte; `starttls` is required, not tried; `none` = in the clear. */
      tls: 'implicit' | 'starttls' | 'none'
      username?: string
      from: string
      to: string[]
    }
  | { kind: 'webhook' }

export const secretNames = ['url', 'token', 'routingKey', 'password', 'signingKey'] as const
export type SecretName = (typeof secretNames)[number]
export type ChannelSecrets = Partial<Record<SecretName, string>>

/** `needed` without which nothing can be told. */
export const secretsOf: Record<ChannelKind, { needed: readonly SecretName[]; optional: readonly SecretName[] }> = {
  slack: { needed: ['url'], optional: [] },
  'slack-app': { needed: ['token'], optional: [] },
  teams: { needed: ['url'], optional: [] },
  discord: { needed: ['url'], optional: [] },
  pagerduty: { needed: ['routingKey'], optional: [] },
  email: { needed: [], optional: ['password'] },
  github: { needed: [], optional: [] },
  webhook: { needed: ['url'], optional: ['signingKey'] },
}

/**
 * What follows the first message of an incident: `edits` changes that message in place, `states` tells each change of state,
 * `recovery` tells only that it is over.
 */
export const followUps: Record<ChannelKind, 'edits' | 'states' | 'recovery'> = {
  slack: 'recovery',
  'slack-app': 'edits',
  teams: 'recovery',
  discord: 'edits',
  pagerduty: 'states',
  email: 'recovery',
  github: 'states',
  webhook: 'states',
}

/** What is told of an incident. */
export interface Incident {
  id: string
  /** `channel <id> …` for one that is about a channel. */
  key: string
  kind: string
  severity: 'critical' | 'warning'
  release?: string
  environment?: string
  application?: string
  title: string
  detail: string
  nextStep: string
  version: number
  openedAt: number
  recoveredAt?: number
  acknowledgedBy?: string
}

export type IncidentState = 'open' | 'acknowledged' | 'recovered'

export function stateOf({ recoveredAt, acknowledgedBy }: Incident): IncidentState {
  if (recoveredAt !== undefined) return 'recovered'
  return acknowledgedBy === undefined ? 'open' : 'acknowledged'
}
