import { Fault } from '#lib/core/fault/index.ts'

/** What the API server answered; the `cause` of the Fault made from it. */
export class ApiStatus extends Error {
  /** HTTP status. */
  readonly status: number
  /** `metav1.Status.reason`: `Expired`, `Conflict`, `NotFound`; '' when the body was no Status. */
  readonly reason: string
  /** The object the server says is at fault; undefined for an unknown path or kind. */
  readonly objectName: string | undefined

  constructor(status: number, reason: string, message: string, objectName: string | undefined) {
    super(message)
    this.name = 'ApiStatus'
    this.status = status
    this.reason = reason
    this.objectName = objectName
  }
}

export function apiStatusOf(error: unknown): ApiStatus | undefined {
  return error instanceof Fault && error.cause instanceof ApiStatus ? error.cause : undefined
}

/** Reads a `metav1.Status`, whole answer or watch event; anything else becomes its first 300 characters. */
export function parseApiStatus(httpStatus: number, body: string): ApiStatus {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    parsed = undefined
  }
  return apiStatusFrom(httpStatus, parsed, body.trim().slice(0, 300))
}

export function apiStatusFrom(httpStatus: number, body: unknown, otherwise = ''): ApiStatus {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const details = fields['details'] as { name?: unknown } | null | undefined
  const code = typeof fields['code'] === 'number' ? fields['code'] : httpStatus
  const message = typeof fields['message'] === 'string' && fields['message'] !== '' ? fields['message'] : otherwise
  return new ApiStatus(
    code,
    typeof fields['reason'] === 'string' ? fields['reason'] : '',
    message === '' ? `HTTP ${code}` : withoutValue(message),
    typeof details?.name === 'string' && details.name !== '' ? details.name : undefined,
  )
}

/** Server-side apply answers 500 to an object that does not fit its schema, and quotes the value: a Secret's too. */
const typedPatchRefusal = 'failed to create typed patch object'

function withoutValue(message: string): string {
  return message.includes(typedPatchRefusal) ? message.replaceAll(/got &value\.[^\n]*/g, 'got another type') : message
}

/** The one place that decides what an answer of the API server means to the caller. `retryAfterMs` from its header. */
export function faultFromStatus(status: ApiStatus, retryAfterMs?: number): Fault {
  const words = status.message
  switch (status.status) {
    case 401:
      return new Fault('cluster-refused', `The API server does not accept the credentials: ${words}`, {
        cause: status,
        suggestion: 'Renew the token or certificate in the kubeconfig.',
      })
    case 403:
      return words.includes('is being terminated')
        ? new Fault('cluster-refused', words, { cause: status, retryable: true })
        : new Fault('cluster-refused', words, {
            cause: status,
            suggestion: 'Grant this right to the account of the kubeconfig, or leave the feature off.',
          })
    case 404:
      return new Fault('not-found', words, { cause: status })
    case 409:
      return new Fault('conflict', words, { cause: status, retryable: status.reason === 'Conflict' && !isApply(words) })
    case 429:
      return new Fault('rate-limited', `The API server asks to slow down: ${words}`, {
        cause: status,
        retryable: true,
        retryAfterMs,
      })
    default:
      if (words.includes(typedPatchRefusal)) {
        return new Fault('cluster-refused', words, { cause: status })
      }
      if (status.status >= 500) {
        return new Fault('cluster-unreachable', `The API server failed: ${words}`, {
          cause: status,
          retryable: true,
          retryAfterMs,
        })
      }
      return new Fault('cluster-refused', words, { cause: status })
  }
}

/** `Apply failed with 1 conflict: conflict with "kubectl" …`: only a person or `force` ends it. */
function isApply(words: string): boolean {
  return words.startsWith('Apply failed')
}

const certificateCodes = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** A connection that failed before any answer. */
export function faultFromNetwork(error: unknown, host: string): Fault {
  if (error instanceof Fault) return error
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const words = error instanceof Error && error.message !== '' ? error.message : code
  if (certificateCodes.has(code)) {
    return new Fault('cluster-unreachable', `The certificate of the API server at ${host} is not trusted: ${words}`, {
      cause: error,
      suggestion: 'Put the certificate authority of that API server into the kubeconfig.',
    })
  }
  return new Fault('cluster-unreachable', `The API server at ${host} does not answer: ${words}`, {
    cause: error,
    retryable: true,
  })
}
