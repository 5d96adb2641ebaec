import { Fault } from '#lib/core/fault/index.ts'
import { retryAfterMs } from '#lib/adapters/outbound-http/index.ts'

/** GitHub answered and said no; `words` are its own. */
export class GitHubRefusal extends Fault {
  readonly status: number
  readonly words: string

  constructor(status: number, words: string, message: string, suggestion?: string) {
    super(status === 404 ? 'not-found' : 'git-refused', message, suggestion === undefined ? {} : { suggestion })
    this.status = status
    this.words = words
  }
}

export interface GitHubAnswer {
  status: number
  /** Lower-case names. */
  headers: Record<string, string | number | undefined>
  /** `message` of the body and of its `errors`, in one line. */
  words: string
}

/** Whose repository, and with what kind of credential: what a person is told depends on it. */
export interface Asked {
  repository: string
  credential: 'token' | 'app'
}

/** What GitHub asks for where a secondary limit names no time (docs: "Rate limits for the REST API"). */
const secondaryPauseMs = 60_000
const longestPauseMs = 60 * 60_000

/** The one place that decides what an answer of GitHub other than success means. */
export function faultOfAnswer(answer: GitHubAnswer, asked: Asked, now: number): Fault {
  const { status, words } = answer
  const pauseMs = limitedFor(answer, now)
  if (pauseMs !== undefined) return limitFault(pauseMs)
  if (status >= 500) {
    return new Fault('git-unreachable', `GitHub answered ${status}.`, {
      retryable: true,
      ...pauseOf(answer, now),
      suggestion: 'Wait, or look at the status page of GitHub.',
    })
  }
  if (status >= 300 && status < 400 && status !== 304) {
    const message = `${asked.repository} was renamed or moved to another owner.`
    return new GitHubRefusal(status, words, message, 'Enter the new address of the repository.')
  }
  return refusal(status, words, asked)
}

/** Milliseconds that a primary or secondary rate limit asks to wait; undefined = it was none. */
export function limitedFor({ status, headers, words }: GitHubAnswer, now: number): number | undefined {
  if (status !== 403 && status !== 429) return undefined
  const asked = retryAfterMs(headers['retry-after'] === undefined ? null : String(headers['retry-after']), now)
  if (asked !== undefined) return asked
  if (String(headers['x-ratelimit-remaining']) === '0') return untilReset(headers, now) ?? secondaryPauseMs
  return status === 429 || /rate limit|abuse detection/i.test(words) ? secondaryPauseMs : undefined
}

/** Milliseconds until the budget is full again, from `x-ratelimit-reset` (seconds since the epoch), at most an hour. */
export function untilReset(headers: GitHubAnswer['headers'], now: number): number | undefined {
  const reset = Number(headers['x-ratelimit-reset'])
  if (!Number.isFinite(reset)) return undefined
  return Math.min(longestPauseMs, Math.max(1_000, reset * 1000 - now))
}

export function limitFault(pauseMs: number): Fault {
  const seconds = Math.ceil(pauseMs / 1000)
  return new Fault('rate-limited', `GitHub takes no more requests for ${seconds} s (rate limit).`, {
    retryable: true,
    retryAfterMs: pauseMs,
    suggestion: 'Wait; or let Wheelhouse use a GitHub App of its own, whose limit it shares with nobody.',
  })
}

/** No answer came. `code` as Node names it (`ECONNREFUSED`), or why we gave up. */
export function unreachableFault(host: string, code: string): Fault {
  return new Fault('git-unreachable', `GitHub at ${host} cannot be reached (${code}).`, {
    retryable: true,
    suggestion: 'Check that the API of GitHub can be reached from the worker.',
  })
}

function refusal(status: number, words: string, { repository, credential }: Asked): GitHubRefusal {
  const isApp = credential === 'app'
  if (status === 401) {
    const message = isApp
      ? 'GitHub no longer accepts the key of the GitHub App, or took its access back.'
      : 'GitHub no longer accepts the token: it was revoked or ran out.'
    return new GitHubRefusal(status, words, message, 'Make a new one and give it to the worker.')
  }
  if (status === 404) {
    const message = `GitHub has no ${repository}, or does not show it to ${isApp ? 'the GitHub App' : 'this token'}.`
    return new GitHubRefusal(status, words, message, 'Check the address, and what the credential may see.')
  }
  const message = `GitHub refused: ${words.slice(0, 500) || status}`
  return new GitHubRefusal(status, words, message, 'Check what the credential may do in the repository.')
}

function pauseOf({ headers }: GitHubAnswer, now: number): { retryAfterMs?: number } {
  const asked = retryAfterMs(headers['retry-after'] === undefined ? null : String(headers['retry-after']), now)
  return asked === undefined ? {} : { retryAfterMs: asked }
}
