import { z } from 'zod'
import { endpoint } from './endpoint.ts'

/** One message of `GET /api/events`: something of this topic changed; refetch it. */
export const LiveEvent = z.object({
  topic: z.enum([
    'release',
    'releases',
    'repository',
    'audit',
    'deletions',
    'alerts',
    'images',
    'promotions',
    'webhooks',
    'system',
  ]),
  /** What changed: a release id, a repository name; '' = something of the topic. */
  id: z.string(),
  version: z.number(),
})
export type LiveEvent = z.infer<typeof LiveEvent>

export const streamEvents = endpoint({
  method: 'GET',
  path: '/api/events',
  permission: 'releases:read',
  summary:
    'Server-sent events, data as LiveEvent; Last-Event-ID resumes; event `reset` = too far behind, refetch everything',
  query: z.object({
    /** For clients that cannot send Last-Event-ID. */
    after: z.coerce.number().int().min(0).optional(),
  }),
  response: z.string(),
  answer: 'event-stream',
})

export const getOpenApi = endpoint({
  method: 'GET',
  path: '/api/v1/openapi.json',
  permission: 'public',
  summary: 'This description',
  response: z.record(z.string(), z.unknown()),
})

export const getLiveness = endpoint({
  method: 'GET',
  path: '/api/health/live',
  permission: 'public',
  summary: 'The process answers',
  response: z.object({ status: z.literal('ok') }),
})

export const getReadiness = endpoint({
  method: 'GET',
  path: '/api/health/ready',
  permission: 'public',
  summary: 'The process and its database answer; 503 otherwise',
  response: z.object({ status: z.literal('ok') }),
})

export const getMetrics = endpoint({
  method: 'GET',
  path: '/api/metrics',
  permission: 'metrics',
  summary: 'Prometheus text; from loopback, or with a token',
  response: z.string(),
  answer: 'text',
})

const Accepted = z.object({ accepted: z.literal(true) })

export const receiveRegistryHook = endpoint({
  method: 'POST',
  path: '/api/webhooks/registry',
  permission: 'hook',
  summary: 'Notifications of the distribution registry: a trigger to scan, nothing in it is believed',
  response: Accepted,
})

export const receiveGitHook = endpoint({
  method: 'POST',
  path: '/api/webhooks/git',
  permission: 'hook',
  summary: 'Something was pushed: a trigger to fetch, nothing in it is believed',
  response: Accepted,
})
