import { Fault } from '#lib/core/fault/index.ts'
import { OutboundFailure, retryAfterMs } from '#lib/adapters/outbound-http/index.ts'

/** Pause after a 429 that names none. */
const defaultPauseMs = 30_000

/** The fault for a status that is no answer. `what`: "the tag list of library/nats". */
export function faultOfStatus(status: number, headers: Headers, host: string, what: string): Fault {
  const waitMs = retryAfterMs(headers.get('retry-after'), Date.now())
  const message = `${host} answered ${status} for ${what}.`
  if (status === 401 || status === 403) {
    return new Fault('registry-unauthorized', message, {
      suggestion: 'Check that the repository exists and that the credentials for this registry may pull from it.',
    })
  }
  if (status === 404) return new Fault('not-found', message)
  if (status === 429) {
    return new Fault('rate-limited', message, { retryable: true, retryAfterMs: waitMs ?? defaultPauseMs })
  }
  if (status >= 500 || status === 408) {
    return new Fault('registry-unreachable', message, { retryable: true, retryAfterMs: waitMs })
  }
  return invalidAnswer(message)
}

/** The fault for a call that got no answer; other errors pass through. */
export function faultOfFailure(error: unknown): unknown {
  if (!(error instanceof OutboundFailure)) return error
  switch (error.reason) {
    case 'network':
    case 'timeout':
    case 'aborted':
      return new Fault('registry-unreachable', `Registry: ${error.message}.`, { cause: error, retryable: true })
    case 'inside':
      return new Fault('registry-unreachable', `Registry: ${error.message}.`, {
        cause: error,
        suggestion: 'If it is meant, allow its host in WHEELHOUSE_INSIDE_HOSTS.',
      })
    case 'too-large':
    case 'redirect':
    case 'insecure':
      return new Fault('registry-answer-invalid', `Registry: ${error.message}.`, { cause: error })
  }
}

/** Someone else's mistake, perhaps that of a proxy in between, so it may pass. */
export function invalidAnswer(message: string): Fault {
  return new Fault('registry-answer-invalid', message, {
    retryable: true,
    suggestion: 'Check that the address is that of a registry and not of a proxy or a sign-in page.',
  })
}
