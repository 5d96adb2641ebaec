import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { CommandAnswer, Paging, Time, pageOf } from './shared.ts'

export const AuditEvent = z.object({
  seq: z.number(),
  at: Time,
  kind: z.string(),
  actor: z.string(),
  subject: z.string(),
  environment: z.string().optional(),
  release: z.string().optional(),
  operation: z.string().optional(),
  commit: z.string().optional(),
  revision: z.number().optional(),
  reason: z.string().optional(),
  intent: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
  previousHash: z.string(),
  hash: z.string(),
})
export type AuditEvent = z.infer<typeof AuditEvent>

const text = z.string().max(253).optional()
const AuditFilters = z.object({
  actor: text,
  environment: text,
  /** Prefix: `commit` finds `commit.intent` and `commit.done`. */
  kind: text,
  release: text,
  operation: text,
  commit: text,
  /** Milliseconds since the epoch, both inclusive. */
  since: z.coerce.number().int().optional(),
  until: z.coerce.number().int().optional(),
})

export const listAudit = endpoint({
  method: 'GET',
  path: '/api/v1/audit',
  permission: 'audit:read',
  summary: 'Audit events, newest first',
  query: AuditFilters.extend(Paging.shape),
  response: pageOf(AuditEvent),
})

export const verifyAudit = endpoint({
  method: 'GET',
  path: '/api/v1/audit/verify',
  permission: 'audit:read',
  summary: 'Walks the hash chain from its first row, past the checkpoint anchored in Git',
  response: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('intact'),
      rows: z.number(),
      head: z.string().optional(),
      /** The checkpoint anchored last in Git, which the chain contains. */
      anchor: z
        .object({
          seq: z.number(),
          at: Time,
          commit: z.string(),
          ref: z.string(),
          /** SHA-256 of the signing key. */
          fingerprint: z.string(),
        })
        .optional(),
      /** Rows after it: that they are whole is not proven outside the database yet. */
      notAnchored: z.number(),
      /** Why the trail cannot be anchored, or what it lacks of what Git knows. */
      problem: z.string().optional(),
    }),
    z.object({ kind: z.literal('broken'), rows: z.number(), seq: z.number(), reason: z.string() }),
  ]),
})

export const getCheckpoint = endpoint({
  method: 'GET',
  path: '/api/v1/audit/checkpoint',
  permission: 'audit:read',
  summary: 'The signed checkpoint anchored last in Git, for verification without the server',
  // Whole as it was signed; lib/core/audit/checkpoint.ts says what each field is.
  response: z.object({
    format: z.literal('wheelhouse-audit/1'),
    seq: z.number(),
    hash: z.string(),
    at: Time,
    key: z.string(),
    signature: z.string(),
  }),
})

export const anchorAudit = endpoint({
  method: 'POST',
  path: '/api/v1/audit/anchor',
  permission: 'sync:write',
  summary: 'Writes down in Git now where the audit chain stands',
  response: CommandAnswer,
  answer: 'command',
})

export const exportAudit = endpoint({
  method: 'GET',
  path: '/api/v1/audit/export',
  permission: 'audit:read',
  summary: 'The whole chain, oldest first: one JSON object a line, or comma-separated values',
  query: z.object({
    /** Only `jsonl` can be verified. */
    format: z.enum(['jsonl', 'csv']).default('jsonl'),
    from: z.coerce.number().int().min(1).optional(),
  }),
  response: z.string(),
  answer: 'lines',
})
