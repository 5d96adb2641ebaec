import { postOutside, type Posted } from '../outbound-http/index.ts'

/** What a channel's adapter works with. */
export interface NotifyOptions {
  /** Hosts that may be of the inside, and be asked without encryption. */
  insideHosts: readonly string[]
  clock: { now(): number }
  /** Where vendors answer; other than their own only in tests. */
  slackApi?: string
  pagerDuty?: string
}

const timeoutMs = 15_000
const maxBytes = 64 * 1024

/** Sends JSON. Throws OutboundFailure. */
export function postJson(
  { insideHosts }: NotifyOptions,
  url: string,
  body: unknown,
  more: { method?: 'POST' | 'PATCH'; headers?: Record<string, string> } = {},
): Promise<Posted> {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Wheelhouse', ...more.headers }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return postOutside({
    url: new URL(url),
    method: more.method,
    headers,
    body: text,
    timeoutMs,
    maxBytes,
    insideHosts,
  })
}

/** Asks, and sends nothing. Throws OutboundFailure. */
export const getText = ({ insideHosts }: NotifyOptions, url: string): Promise<Posted> =>
  postOutside({ url: new URL(url), method: 'GET', timeoutMs, maxBytes, insideHosts })

/** The answer as JSON; undefined where it is none. */
export function jsonOf({ text }: Posted): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Cut to what a vendor takes, with a sign that it was. */
export const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`
