import { errorCodes } from '#lib/core/fault/index.ts'
import type { ErrorCode, Fault } from '#lib/core/fault/index.ts'
import { httpStatus } from '#lib/api/errors.ts'
import type { ErrorBody } from '#lib/api/errors.ts'
import { InvalidInput } from './parse-input.ts'

/** On every answer of the API: nothing it says may be cached, framed, or run as a page. */
export const apiHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { ...apiHeaders, 'content-type': 'application/json; charset=utf-8', ...headers },
  })
}

/** Next bundles modules apart from the wiring, so a Fault is known by what it carries, not by its class. */
export function isFault(error: unknown): error is Fault {
  return error instanceof Error && error.name === 'Fault' && errorCodes.includes((error as Fault).code)
}

/** What went wrong, by the one table. What is not a Fault is our own mistake: its words stay in the log. */
export function failure(error: unknown): Response {
  if (!isFault(error)) {
    return errorResponse({
      code: 'internal',
      message: 'Wheelhouse made a mistake.',
      suggestion: 'Try again; the log of the web process says more.',
    })
  }
  const { code, message, suggestion, retryAfterMs } = error
  const details = error instanceof InvalidInput ? error.details : undefined
  const headers: Record<string, string> = {}
  if (retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(retryAfterMs / 1000))
  if (code === 'unauthenticated') headers['www-authenticate'] = 'Bearer realm="wheelhouse"'
  // What was not read of a body that is too large is not going to be.
  if (code === 'too-large') headers.connection = 'close'
  return errorResponse({ code, message, suggestion, details }, headers)
}

function errorResponse(error: ErrorBody['error'] & { code: ErrorCode }, headers?: Record<string, string>): Response {
  return json({ error } satisfies ErrorBody, httpStatus[error.code], headers)
}
