import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startGitHubRepository, type GitHubRepositoryInTest } from '#test/fixtures/github-repository.ts'

describe.each(['token', 'app'] as const)('what GitHub allows, by %s', (kind) => {
  let under: GitHubRepositoryInTest
  beforeEach(async () => {
    under = await startGitHubRepository(kind)
  })
  afterEach(() => under.stop())

  it('is all that is needed, with the budget of the hour', async () => {
    const { missing, budget } = await under.host().permissions()
    expect([missing, budget]).toEqual([[], { limit: 5000, left: 5000, resetAt: expect.any(Number) }])
    expect(budget?.resetAt).toBeGreaterThan(Date.now())
  })

  it('is named where it is missing', async () => {
    under.server.github.withheld.add('contents')
    under.server.github.withheld.add('statuses')
    const missing = kind === 'app' ? ['contents: write', 'statuses: write'] : ['contents: write']
    expect((await under.host().permissions()).missing).toEqual(missing)
  })

  it('fails in words where the credential is turned away', async () => {
    under.server.github.faults.plan({ kind: 'error', status: 403 }, { operation: 'GET /rate_limit' })
    await expect(under.host().permissions()).rejects.toMatchObject({ code: 'git-refused' })
  })
})
