/** An address that the worker calls while it is alive, as kept; others tell people when the call is missing. */
export interface Heartbeat {
  id: string
  host: string
  everyMinutes: number
  /** Its address, sealed for the worker. */
  sealed: string
  createdBy: string
}

/** How the last call went. */
export interface Beat {
  at: number
  outcome: 'sent' | 'failed'
  /** What was answered. */
  reason: string
}

/** Names of the facts that hold them. */
export const heartbeatFact = 'heartbeat'
export const beatFact = 'heartbeat-last'

/** When the next call is due, in milliseconds since the epoch; one that failed is tried again after a minute. */
export function nextBeat(
  { everyMinutes }: Pick<Heartbeat, 'everyMinutes'>,
  last: Beat | undefined,
  now: number,
): number {
  if (!last) return now
  return last.at + (last.outcome === 'sent' ? everyMinutes : 1) * 60_000
}
