import type { ChannelKind, SecretName } from '#lib/core/notification/index.ts'

export const channelWords: Record<ChannelKind, { name: string; how: string }> = {
  slack: { name: 'Slack, incoming webhook', how: 'One message, and one when it is over.' },
  'slack-app': { name: 'Slack, app', how: 'One message that is edited in place. The bot needs chat:write.' },
  teams: { name: 'Microsoft Teams', how: 'A workflow that posts what a webhook request says.' },
  discord: { name: 'Discord', how: 'One message that is edited in place.' },
  pagerduty: { name: 'PagerDuty', how: 'One incident there for one here; acknowledged and resolved with it.' },
  email: { name: 'E-mail', how: 'One mail, and one in its thread when it is over.' },
  github: {
    name: 'GitHub',
    how: 'A status of the commit that runs, and its deployment; for a config repository that is there.',
  },
  webhook: { name: 'Webhook', how: 'JSON for a program; signed where there is a key.' },
}

export const secretWords: Record<SecretName, { label: string; hint: string }> = {
  url: { label: 'Address of the webhook', hint: 'It is a secret itself, and encrypted to the worker at once.' },
  token: { label: 'Token of the bot', hint: 'Begins with xoxb-. Encrypted to the worker at once.' },
  routingKey: { label: 'Integration key', hint: 'Of an integration “Events API v2”; 32 characters.' },
  password: { label: 'Password', hint: 'Only where the mail server wants a name.' },
  signingKey: {
    label: 'Signing key',
    hint: 'Optional: HMAC-SHA256 in the header webhook-signature (Standard Webhooks).',
  },
}
