import { z } from 'zod'
import { errorCodes } from '#lib/core/fault/index.ts'
import type { ErrorCode } from '#lib/core/fault/index.ts'

/** The one table from error codes to HTTP. */
export const httpStatus = {
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  invalid: 400,
  conflict: 409,
  'too-large': 413,
  'rate-limited': 429,
  'git-unreachable': 502,
  'git-refused': 502,
  'registry-unreachable': 502,
  'registry-unauthorized': 502,
  'registry-answer-invalid': 502,
  'chart-unavailable': 502,
  'cluster-unreachable': 502,
  'cluster-refused': 502,
  'helm-failed': 502,
  'database-unreachable': 503,
  unavailable: 503,
  internal: 500,
} satisfies Record<ErrorCode, number>

/** Every answer that is not a success. */
export const ErrorBody = z.object({
  error: z.object({
    code: z.enum(errorCodes),
    message: z.string(),
    /** What the caller can do next. */
    suggestion: z.string().optional(),
    /** What is wrong with which part of the input. */
    details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
})
export type ErrorBody = z.infer<typeof ErrorBody>
