import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { ById, EnvironmentName, Id, Limit, Paging, Time, listOf, pageOf } from './shared.ts'

export const Alert = z.object({
  id: z.string(),
  kind: z.string(),
  severity: z.enum(['critical', 'warning']),
  release: z.string().optional(),
  environment: z.string().optional(),
  application: z.string().optional(),
  title: z.string(),
  detail: z.string(),
  nextStep: z.string(),
  openedAt: Time,
  updatedAt: Time,
  /** Absent = still open. */
  recoveredAt: Time.optional(),
  acknowledgedBy: z.string().optional(),
  acknowledgedAt: Time.optional(),
  /** Nobody is told of it until then. */
  silencedUntil: Time.optional(),
})
export type Alert = z.infer<typeof Alert>

export const listAlerts = endpoint({
  method: 'GET',
  path: '/api/v1/alerts',
  permission: 'alerts:read',
  summary: 'Incidents, open ones first',
  query: Paging.extend({
    /** Only open ones, or only recovered ones; those come in pages. */
    open: z.stringbool().optional(),
  }),
  response: pageOf(Alert),
})

export const acknowledgeAlert = endpoint({
  method: 'POST',
  path: '/api/v1/alerts/{id}/acknowledge',
  permission: 'alerts:write',
  summary: 'Say that you look after an incident',
  params: ById,
  response: Alert,
})

const SilenceScope = z.object({
  /** Such as `release-failed`. */
  kind: z.string().min(1).max(60).optional(),
  environment: EnvironmentName.optional(),
  application: z.string().min(1).max(253).optional(),
  /** Its id. */
  release: Id.optional(),
})

export const Silence = SilenceScope.extend({
  id: z.string(),
  reason: z.string(),
  until: Time,
  createdAt: Time,
  createdBy: z.string(),
  endedAt: Time.optional(),
  endedBy: z.string().optional(),
})
export type Silence = z.infer<typeof Silence>

export const listSilences = endpoint({
  method: 'GET',
  path: '/api/v1/silences',
  permission: 'alerts:read',
  summary: 'What nobody is told of just now',
  query: z.object({
    /** Those that are over too. */
    all: z.stringbool().optional(),
    limit: Limit,
  }),
  response: listOf(Silence),
})

export const silenceAlerts = endpoint({
  method: 'POST',
  path: '/api/v1/silences',
  permission: 'alerts:write',
  summary: 'Have nobody told of incidents for a while; they are shown all the same',
  body: SilenceScope.extend({
    /** At most 30 days from now. */
    until: Time,
    reason: z.string().trim().min(1).max(500),
  }),
  response: Silence,
})

export const endSilence = endpoint({
  method: 'DELETE',
  path: '/api/v1/silences/{id}',
  permission: 'alerts:write',
  summary: 'End a silence; what is still open is told then',
  params: ById,
  response: Silence,
})
