import { Fault } from '#lib/core/fault/index.ts'
import type { RemoteText } from '#lib/ports/remote-text.ts'
import { callOutside, OutboundFailure } from './call-outside.ts'

const maxBytes = 1024 * 1024

/** Reads without credentials: a URL in Git is nobody's secret, and one that carries some is refused. */
export function createRemoteText(options: { fetch?: typeof fetch } = {}): RemoteText {
  return {
    async read(text) {
      const url = URL.canParse(text) ? new URL(text) : undefined
      if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '')
        throw new Fault('invalid', 'This is no http(s) address without a name and password in it.')
      const answer = await callOutside({
        url,
        timeoutMs: 20_000,
        maxBytes,
        insecure: true,
        fetch: options.fetch,
      }).catch((error: unknown) => {
        if (!(error instanceof OutboundFailure)) throw error
        const retryable = ['network', 'timeout', 'aborted'].includes(error.reason)
        throw new Fault('unavailable', `Values source: ${error.message}.`, { cause: error, retryable })
      })
      if (answer.status === 404 || answer.status === 410) return undefined
      if (answer.status === 200) return answer.body.toString('utf8')
      throw new Fault('unavailable', `${url.host} answered ${answer.status} for a values source.`, {
        retryable: answer.status >= 500 || answer.status === 429,
      })
    },
  }
}
