/** Every code an error may carry; `lib/api/errors.ts` maps each to one HTTP status. */
export const errorCodes = [
  'unauthenticated',
  'forbidden',
  'not-found',
  'invalid',
  'conflict',
  'too-large',
  'rate-limited',
  'git-unreachable',
  'git-refused',
  'registry-unreachable',
  'registry-unauthorized',
  'registry-answer-invalid',
  'chart-unavailable',
  'cluster-unreachable',
  'cluster-refused',
  'helm-failed',
  'database-unreachable',
  'unavailable',
  'internal',
] as const
export type ErrorCode = (typeof errorCodes)[number]

/** Thrown when the world, not the caller's choice, is at fault. */
export class Fault extends Error {
  readonly code: ErrorCode
  /** Whether the same call may succeed later without anyone changing anything. */
  readonly retryable: boolean
  /** Milliseconds the other side asked us to wait, when it did. */
  readonly retryAfterMs: number | undefined
  /** What a person can do about it. */
  readonly suggestion: string | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; retryable?: boolean; retryAfterMs?: number; suggestion?: string } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'Fault'
    this.code = code
    this.retryable = options.retryable ?? false
    this.retryAfterMs = options.retryAfterMs
    this.suggestion = options.suggestion
  }
}
