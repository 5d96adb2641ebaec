import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { Limit, Time, listOf } from './shared.ts'

export const Alert = z.object({
  id: z.string(),
  kind: z.string(),
  severity: z.enum(['critical', 'warning']),
  release: z.string().optional(),
  environment: z.string().optional(),
  title: z.string(),
  detail: z.string(),
  nextStep: z.string(),
  openedAt: Time,
  updatedAt: Time,
  /** Absent = still open. */
  recoveredAt: Time.optional(),
  acknowledgedBy: z.string().optional(),
})
export type Alert = z.infer<typeof Alert>

export const listAlerts = endpoint({
  method: 'GET',
  path: '/api/v1/alerts',
  permission: 'alerts:read',
  summary: 'Incidents, open ones first',
  query: z.object({
    /** Only open ones, or only recovered ones. */
    open: z.stringbool().optional(),
    limit: Limit,
  }),
  response: listOf(Alert),
})
