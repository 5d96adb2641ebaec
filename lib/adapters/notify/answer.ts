import { OutboundFailure, retryAfterMs, type Posted } from '../outbound-http/index.ts'
import type { Sent } from '../../ports/notifier.ts'

export type Failed = Exclude<Sent, { kind: 'sent' }>

/** Characters of an answer that a person is shown. */
const shown = 200

export const excerpt = ({ status, text }: Posted): string => {
  const said = text.replaceAll(/\s+/g, ' ').trim().slice(0, shown)
  return said === '' ? `${status}` : `${status} ${said}`
}

/** What a status that is none of success means: 408, 425, 429 and 5xx pass by themselves. */
export function failureOf(host: string, posted: Posted, now: number): Failed {
  const reason = `${host} answered ${excerpt(posted)}`
  if (posted.status >= 500 || [408, 425, 429].includes(posted.status))
    return { kind: 'later', afterMs: retryAfterMs(posted.retryAfter, now), reason }
  return { kind: 'refused', reason }
}

/** Without encryption, or into the inside, is a matter of setting up; whatever else kept the answer away may pass. */
export function faultOf(error: unknown): Failed {
  if (!(error instanceof OutboundFailure)) throw error
  const { reason, message } = error
  if (reason !== 'inside' && reason !== 'insecure') return { kind: 'later', reason: message }
  return { kind: 'refused', reason: `${message}: WHEELHOUSE_INSIDE_HOSTS allows it` }
}
