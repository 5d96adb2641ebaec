import { z } from 'zod'
import { channelKinds, secretNames } from '#lib/core/notification/index.ts'
import { Alert } from './alerts.ts'
import { endpoint } from './endpoint.ts'
import { ById, CommandAnswer, EnvironmentName, Id, Paging, Time, listOf, pageOf } from './shared.ts'

const Mail = z.email().max(254)
const Config = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('slack') }),
  z.object({
    kind: z.literal('slack-app'),
    /** Its id, such as C024BE91L. */
    channel: z.string().trim().min(1).max(80),
  }),
  z.object({ kind: z.literal('teams') }),
  z.object({ kind: z.literal('discord') }),
  z.object({ kind: z.literal('pagerduty'), region: z.enum(['us', 'eu']) }),
  z.object({
    kind: z.literal('email'),
    port: z.number().int().min(1).max(65_535),
    tls: z.enum(['implicit', 'starttls', 'none']),
    username: z.string().trim().min(1).max(300).optional(),
    from: Mail,
    to: z.array(Mail).min(1).max(50),
  }),
  z.object({ kind: z.literal('github') }),
  z.object({ kind: z.literal('webhook') }),
])

export const Channel = z.object({
  id: z.string(),
  name: z.string(),
  /** Where it goes to. */
  host: z.string(),
  config: Config,
  /** Those that were entered; they can never be read back. */
  secrets: z.array(z.enum(secretNames)),
  createdAt: Time,
  createdBy: z.string(),
  /** In a row; 0 = it works, or was never tried. */
  failures: z.number(),
  /** Nothing is sent before. */
  retryAt: Time.optional(),
  problem: z.string().optional(),
})
export type Channel = z.infer<typeof Channel>

const Secret = z.string().min(1).max(4000)
const GivenChannel = z.object({
  name: z.string().trim().min(1).max(80),
  config: Config,
  /** Of the mail server; for e-mail alone. */
  host: z
    .string()
    .trim()
    .regex(/^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/i, 'no host')
    .max(253)
    .optional(),
  /** Left out of a channel that is changed: they stay, unless it goes to another host. */
  secrets: z.object({
    url: Secret.optional(),
    token: Secret.optional(),
    routingKey: Secret.optional(),
    password: Secret.optional(),
    signingKey: Secret.optional(),
  }),
})

export const listChannels = endpoint({
  method: 'GET',
  path: '/api/v1/notifications/channels',
  permission: 'settings:read',
  summary: 'Where people are told, without the secrets',
  response: listOf(Channel),
})

export const createChannel = endpoint({
  method: 'POST',
  path: '/api/v1/notifications/channels',
  permission: 'settings:write',
  summary: `Set up a channel: ${channelKinds.join(', ')}`,
  body: GivenChannel,
  response: Channel,
})

export const changeChannel = endpoint({
  method: 'POST',
  path: '/api/v1/notifications/channels/{id}',
  permission: 'settings:write',
  summary: 'Change a channel',
  params: ById,
  body: GivenChannel,
  response: Channel,
})

export const removeChannel = endpoint({
  method: 'DELETE',
  path: '/api/v1/notifications/channels/{id}',
  permission: 'settings:write',
  summary: 'Forget a channel and its rules',
  params: ById,
  response: z.object({ removed: z.literal(true) }),
})

export const testChannel = endpoint({
  method: 'POST',
  path: '/api/v1/notifications/channels/{id}/test',
  permission: 'settings:write',
  summary: 'Send a test message',
  params: ById,
  response: CommandAnswer,
  answer: 'command',
})

const RuleScope = z.object({
  /** Empty = whatever it is; the same for the others. */
  kinds: z.array(z.string().min(1).max(60)).max(50).default([]),
  severities: z.array(z.enum(['critical', 'warning'])).default([]),
  environments: z.array(EnvironmentName).max(50).default([]),
  applications: z.array(z.string().min(1).max(253)).max(200).default([]),
})

export const Rule = z.object({
  id: z.string(),
  channel: z.string(),
  kinds: z.array(z.string()),
  severities: z.array(z.string()),
  environments: z.array(z.string()),
  applications: z.array(z.string()),
  createdAt: Time,
  createdBy: z.string(),
})
export type Rule = z.infer<typeof Rule>

export const listRules = endpoint({
  method: 'GET',
  path: '/api/v1/notifications/rules',
  permission: 'settings:read',
  summary: 'Who is told of what',
  response: listOf(Rule),
})

export const createRule = endpoint({
  method: 'POST',
  path: '/api/v1/notifications/rules',
  permission: 'settings:write',
  summary: 'Have a channel told of what matches',
  body: RuleScope.extend({ channel: Id }),
  response: Rule,
})

export const changeRule = endpoint({
  method: 'POST',
  path: '/api/v1/notifications/rules/{id}',
  permission: 'settings:write',
  summary: 'Change a rule',
  params: ById,
  body: RuleScope.extend({ channel: Id }),
  response: Rule,
})

export const previewRule = endpoint({
  method: 'POST',
  path: '/api/v1/notifications/rules/preview',
  permission: 'settings:read',
  summary: 'Which incidents of the last 30 days a rule would have told',
  body: RuleScope,
  response: z.object({
    looked: z.number(),
    matched: z.number(),
    shown: z.array(Alert),
    kinds: z.array(z.object({ kind: z.string(), count: z.number() })),
  }),
})

export const removeRule = endpoint({
  method: 'DELETE',
  path: '/api/v1/notifications/rules/{id}',
  permission: 'settings:write',
  summary: 'Remove a rule',
  params: ById,
  response: z.object({ removed: z.literal(true) }),
})

export const Delivery = z.object({
  id: z.string(),
  channel: z.string(),
  alert: z.string().optional(),
  at: Time,
  what: z.enum(['message', 'edit', 'follow-up', 'test']),
  /** `sending`: under way, or the worker ended in the middle of it. */
  outcome: z.enum(['sending', 'sent', 'failed']),
  /** What the other side answered. */
  reason: z.string().optional(),
  tookMs: z.number().optional(),
})
export type Delivery = z.infer<typeof Delivery>

export const listDeliveries = endpoint({
  method: 'GET',
  path: '/api/v1/notifications/deliveries',
  permission: 'settings:read',
  summary: 'What was told to whom, and whether it arrived; newest first',
  query: Paging.extend({ channel: Id.optional(), alert: Id.optional() }),
  response: pageOf(Delivery),
})

const Heartbeat = z.object({
  /** Absent = none is called. */
  heartbeat: z
    .object({
      host: z.string(),
      everyMinutes: z.number(),
      createdBy: z.string(),
      /** Absent = not called yet. */
      last: z.object({ at: Time, outcome: z.enum(['sent', 'failed']), reason: z.string() }).optional(),
    })
    .optional(),
})

export const getHeartbeat = endpoint({
  method: 'GET',
  path: '/api/v1/notifications/heartbeat',
  permission: 'settings:read',
  summary: 'The address that the worker calls while it is alive, without its path',
  response: Heartbeat,
})

export const saveHeartbeat = endpoint({
  method: 'POST',
  path: '/api/v1/notifications/heartbeat',
  permission: 'settings:write',
  summary: 'Have the worker call an address every few minutes, so that others notice when it does not',
  body: z.object({ url: Secret, everyMinutes: z.number().int().min(1).max(1440) }),
  response: Heartbeat,
})

export const removeHeartbeat = endpoint({
  method: 'DELETE',
  path: '/api/v1/notifications/heartbeat',
  permission: 'settings:write',
  summary: 'Stop the heartbeat',
  response: z.object({ removed: z.literal(true) }),
})
