import { request } from '@octokit/request'
import type { RequestParameters } from '@octokit/types'
import type { Clock } from '#lib/ports/clock.ts'
import { faultOfAnswer, limitFault, limitedFor, unreachableFault, untilReset } from './github-fault.ts'
import type { Asked, GitHubAnswer } from './github-fault.ts'
import { NotModified } from './remembered.ts'

const apiVersion = '2022-11-28'

interface Guard {
  apiUrl: string
  asked: Asked
  clock: Clock
  timeoutMs: number
}

/**
 * octokit's `request` for one API: nothing is sent while a limit lasts, redirects are not followed (they would carry the
 * token along), and whatever goes wrong is a Fault in our words. Errors of octokit, which hold headers, end here.
 */
export function guardedRequest({ apiUrl, asked, clock, timeoutMs }: Guard): typeof request {
  let free = 0
  const note = (answer: GitHubAnswer) => {
    const now = clock.now()
    const pauseMs =
      limitedFor(answer, now) ??
      (String(answer.headers['x-ratelimit-remaining']) === '0' ? untilReset(answer.headers, now) : undefined)
    if (pauseMs !== undefined) free = Math.max(free, now + pauseMs)
  }
  const guarded = request.defaults({
    baseUrl: apiUrl,
    headers: { 'user-agent': 'wheelhouse', 'x-github-api-version': apiVersion },
    request: {
      redirect: 'manual',
      hook: async (send: typeof request, options: Options) => {
        const pauseMs = free - clock.now()
        if (pauseMs > 0) throw limitFault(pauseMs)
        const signal = AbortSignal.timeout(timeoutMs)
        const answer = await answered(send, withSignal(options, signal), apiUrl)
        note(answer)
        if (answer.status === 304) throw new NotModified()
        if (answer.status >= 300) throw faultOfAnswer(answer, asked, clock.now())
        return answer.whole
      },
    },
  })
  return guarded
}

type Options = RequestParameters & { url: string }

function withSignal(options: Options, signal: AbortSignal) {
  return { ...options, request: { ...options.request, signal } }
}

/** Octokit throws for most of what is no success: here it is an answer like any other. Throws Fault where there is none. */
async function answered(
  send: typeof request,
  options: Options & { request: { signal: AbortSignal } },
  apiUrl: string,
): Promise<GitHubAnswer & { whole: Awaited<ReturnType<typeof request>> }> {
  try {
    const whole = await send(options)
    return { status: whole.status, headers: whole.headers, words: wordsOf(whole.data), whole }
  } catch (error) {
    const { response } = error as { response?: Awaited<ReturnType<typeof request>> }
    if (response)
      return { status: response.status, headers: response.headers, words: wordsOf(response.data), whole: response }
    throw unreachableFault(new URL(apiUrl).host, options.request.signal.aborted ? 'no answer in time' : codeOf(error))
  }
}

/** `message` and the messages of `errors`, as far as the body is one of GitHub's. */
function wordsOf(body: unknown): string {
  const { message, errors } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const details = Array.isArray(errors) ? errors.map((error: unknown) => detailOf(error)) : []
  return [message, ...details].filter((words) => typeof words === 'string' && words !== '').join(' · ')
}

function detailOf(error: unknown): unknown {
  if (typeof error === 'string') return error
  return (error as { message?: unknown } | null)?.message
}

/** The innermost cause has the code that tells something: `ECONNREFUSED`. */
function codeOf(error: unknown): string {
  let cause = error
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause
  const code = (cause as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : 'no answer'
}
