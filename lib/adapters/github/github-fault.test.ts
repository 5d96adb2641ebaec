import { describe, expect, it } from 'vitest'
import { faultOfAnswer, type GitHubAnswer } from './github-fault.ts'

const now = Date.parse('2018-11-05T00:00:00Z')
const inSeconds = (seconds: number) => String(now / 1000 + seconds)
const answer = (status: number, headers: GitHubAnswer['headers'] = {}, words = '') => ({ status, headers, words })

describe('faultOfAnswer', () => {
  it.each<[string, GitHubAnswer, object]>([
    [
      'the hourly budget is used up',
      answer(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(90) }),
      { code: 'rate-limited', retryable: true, retryAfterMs: 90_000 },
    ],
    [
      'the budget comes back within the second',
      answer(429, { 'x-ratelimit-remaining': 0, 'x-ratelimit-reset': inSeconds(0) }),
      { code: 'rate-limited', retryAfterMs: 1_000 },
    ],
    [
      'a secondary limit says how long',
      answer(403, { 'retry-after': '7', 'x-ratelimit-remaining': '4000' }),
      { code: 'rate-limited', retryAfterMs: 7_000 },
    ],
    [
      'a secondary limit says nothing',
      answer(403, {}, 'You have exceeded a secondary rate limit.'),
      { code: 'rate-limited', retryAfterMs: 60_000 },
    ],
    ['429 without a word', answer(429), { code: 'rate-limited', retryAfterMs: 60_000 }],
    ['it is down', answer(502), { code: 'git-unreachable', retryable: true }],
    ['it is down for so long', answer(503, { 'retry-after': '30' }), { retryable: true, retryAfterMs: 30_000 }],
    ['renamed', answer(301), { code: 'git-refused', retryable: false, message: expect.stringContaining('renamed') }],
    ['revoked', answer(401), { code: 'git-refused', retryable: false, message: expect.stringContaining('revoked') }],
    ['no permission', answer(403, {}, 'Resource not accessible'), { code: 'git-refused', retryable: false }],
    ['not there', answer(404), { code: 'not-found', message: expect.stringContaining('acme/config') }],
    ['invalid', answer(422, {}, 'Reference does not exist'), { code: 'git-refused', status: 422 }],
  ])('%s', (_label, given, expected) => {
    expect(faultOfAnswer(given, { repository: 'acme/config', credential: 'token' }, now)).toMatchObject(expected)
  })
})
