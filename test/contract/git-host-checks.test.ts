import { beforeEach, describe, expect, it } from 'vitest'
import type { GitHost } from '#lib/ports/git-host.ts'
import { startGitHubRepository, type GitHubRepositoryInTest } from '#test/fixtures/github-repository.ts'

describe.each(['token', 'app'] as const)('GitHub by %s, about commits', (kind) => {
  let under: GitHubRepositoryInTest
  let host: GitHost
  let first: string
  let head: string

  beforeEach(async () => {
    under = await startGitHubRepository(kind)
    first = await under.origin.push({ 'a.yaml': { text: 'a: 1\n' } })
    head = await under.origin.push({ 'a.yaml': { text: 'a: 2\n' } })
    host = under.host()
    return () => under.stop()
  })

  it('finds a deployment again whose answer was lost', async () => {
    const deployment = { commit: head, environment: 'dev', description: 'podinfo 0.4.11', key: 'op-1' }
    await host.createDeployment({ ...deployment, key: 'op-0' })
    expect(await host.findDeployment(deployment)).toBeUndefined()
    under.server.github.faults.plan({ kind: 'lost-answer' }, { operation: 'POST /repos/{owner}/{repo}/deployments' })
    await expect(host.createDeployment(deployment)).rejects.toMatchObject({ code: 'git-unreachable' })
    expect(await host.findDeployment(deployment)).toBe(String(under.server.github.deployments[1]?.id))
    expect(await host.findDeployment({ ...deployment, environment: 'prod' })).toBeUndefined()
    expect(await host.findDeployment({ ...deployment, commit: first })).toBeUndefined()
  })

  it('knows what others say of a commit: the newest word of each, the worse of two', async () => {
    const { github } = under.server
    const status = async (name: string, state: 'pending' | 'success' | 'error', description: string) =>
      host.setStatus({ commit: head, name, state, description, url: `javascript:alert('${name}')` })
    await status('build', 'pending', 'Runs')
    await status('build', 'success', 'Took 3 min')
    await status('scan', 'error', '')
    await status('both', 'success', 'As a status')
    const run = (name: string, status: string, conclusion: string | null, title: string | null = null) =>
      github.checkRuns.push({
        id: github.nextId(),
        sha: head,
        name,
        status,
        conclusion,
        title,
        detailsUrl: `https://ci.test/${name}`,
      })
    run('e2e', 'completed', 'failure', '3 of 9 failed')
    run('e2e', 'in_progress', null)
    run('lint', 'completed', 'neutral')
    run('both', 'completed', 'cancelled')
    run('who', 'completed', 'action_required')
    const checks = await host.commitChecks(head)
    const lines = checks.map(({ name, state, description, url }) => `${name} ${state} ${description} ${url}`)
    expect(lines.toSorted()).toEqual([
      'both failure cancelled https://ci.test/both',
      'build success Took 3 min undefined',
      'e2e pending in_progress https://ci.test/e2e',
      'lint success neutral https://ci.test/lint',
      'scan failure  undefined',
      'who pending action_required https://ci.test/who',
    ])
    expect(await host.commitChecks(first)).toEqual([])
    const asked = under.server.conditional.length
    await host.commitChecks(head)
    expect(under.server.conditional.slice(asked)).toHaveLength(2)
  })

  it('takes statuses for all there is where the credential may not see checks', async () => {
    await host.setStatus({ commit: head, name: 'build', state: 'success', description: 'Took 3 min' })
    const operation = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs'
    under.server.github.faults.plan({ kind: 'error', status: 403 }, { operation })
    expect((await host.commitChecks(head)).map(({ name }) => name)).toEqual(['build'])
  })
})
