import { beforeEach, describe, expect, it } from 'vitest'
import type { GitHost } from '#lib/ports/git-host.ts'
import { findFreePort } from '#demo/world/ports.ts'
import { closePull, mergePull } from '#demo/world/github/routes/pulls.ts'
import { stageChanges } from '#test/fixtures/git-origin.ts'
import { startHookReceiver, type HookReceiver } from '#test/fixtures/hook-receiver.ts'
import { startGitHubRepository, type GitHubRepositoryInTest } from '#test/fixtures/github-repository.ts'

const text = { branch: 'wheelhouse/prod', base: 'main', title: 'Promote podinfo', text: 'The plan.' }
const getPull = 'GET /repos/{owner}/{repo}/pulls/{pull_number}'

describe.each(['token', 'app'] as const)('GitHub by %s, beyond Git', (kind) => {
  let under: GitHubRepositoryInTest
  let hook: HookReceiver
  let host: GitHost
  let first: string
  let head: string

  beforeEach(async () => {
    hook = await startHookReceiver()
    under = await startGitHubRepository(kind, { hooks: [{ url: hook.url, secret: hook.secret }] })
    first = await under.origin.push({ 'a.yaml': { text: 'a: 1\n' } })
    head = await branchWith({ 'a.yaml': { text: 'a: 2\n' }, 'b.yaml': { text: 'b: 1\n' } })
    host = under.host()
    return async () => {
      await under.stop()
      await hook.close()
    }
  })

  /** A head branch as whoever writes promotions pushes it. */
  async function branchWith(changes: Parameters<typeof under.origin.push>[0]): Promise<string> {
    const { git } = under.origin
    await git(['checkout', '--quiet', '-B', text.branch, first])
    await stageChanges(under.origin, changes)
    await git(['commit', '--quiet', '-m', 'Promote'])
    await git(['push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${text.branch}`])
    const commit = await git(['rev-parse', 'HEAD'])
    await git(['checkout', '--quiet', 'main'])
    return commit
  }

  it('opens one pull request for a branch, and keeps it up to date', async () => {
    expect(await host.findPullRequest(text.branch)).toBeUndefined()
    const opened = await host.keepPullRequest(text)
    expect(opened).toMatchObject({ ...text, number: 1, head, state: { kind: 'open', conflicts: false } })
    expect(opened.url).toBe(`${under.server.url}/acme/config/pull/1`)
    const changed = await host.keepPullRequest({ ...text, text: 'Another plan.' })
    expect(changed).toMatchObject({ number: 1, text: 'Another plan.' })
    expect(await host.findPullRequest(text.branch)).toEqual(changed)
    expect(under.server.github.pulls).toHaveLength(1)
    expect(await host.changedFiles(1)).toEqual(['a.yaml', 'b.yaml'])
  })

  it('finds the one that somebody else opened in between', async () => {
    const [one, other] = await Promise.all([host.keepPullRequest(text), under.host().keepPullRequest(text)])
    expect(one.number).toBe(other.number)
    expect(under.server.github.pulls).toHaveLength(1)
  })

  it('says what became of it: conflicts, closed by hand, merged by somebody else', async () => {
    await host.keepPullRequest(text)
    await under.origin.push({ 'a.yaml': { text: 'a: 3\n' } })
    expect((await host.pullRequest(1)).state).toEqual({ kind: 'open', conflicts: true })
    const [pull] = under.server.github.pulls
    if (!pull) throw new Error('there is no pull request')
    await closePull(under.server.github, pull, 'ada')
    expect((await host.pullRequest(1)).state).toEqual({ kind: 'closed' })
    first = await under.origin.head()
    await branchWith({ 'b.yaml': { text: 'b: 2\n' } })
    const again = await host.keepPullRequest(text)
    expect(again.number).toBe(2)
    const merged = await mergePull(under.server.github, under.server.github.pulls[1] ?? pull, 'ada')
    expect(await host.findPullRequest(text.branch)).toMatchObject({
      number: 2,
      state: { kind: 'merged', commit: merged, by: 'ada' },
    })
  })

  it('merges what it looked at and nothing else', async () => {
    await host.keepPullRequest(text)
    expect(await host.mergePullRequest(1, first)).toEqual({ kind: 'moved' })
    const merged = await host.mergePullRequest(1, head)
    expect(merged).toEqual({ kind: 'merged', commit: await under.origin.head() })
    expect(await host.mergePullRequest(1, head)).toMatchObject({ kind: 'refused' })
  })

  it('merges in whichever way the repository allows, with the text that it had', async () => {
    await host.keepPullRequest(text)
    under.server.github.allowsMergeCommits = false
    const merged = await host.mergePullRequest(1, head)
    expect(merged).toEqual({ kind: 'merged', commit: await under.origin.head() })
    const read = (...args: string[]) => under.origin.git(['-C', under.origin.bare, 'log', '-1', ...args])
    expect(await read('--format=%P %B', 'main')).toBe(`${first} ${await read('--format=%B', head)}`)
  })

  it('refuses to merge what conflicts, and closes it', async () => {
    await host.keepPullRequest(text)
    await under.origin.push({ 'a.yaml': { text: 'a: 3\n' } })
    const reason = expect.stringContaining('not mergeable') as string
    expect(await host.mergePullRequest(1, head)).toEqual({ kind: 'refused', reason })
    await host.closePullRequest(1)
    expect((await host.pullRequest(1)).state).toEqual({ kind: 'closed' })
  })

  it('keeps one comment of a name current, among those of others', async () => {
    await host.keepPullRequest(text)
    await host.keepComment(1, 'plan', 'Plan 1')
    await host.keepComment(1, 'gates', 'Waits for an approval')
    await host.keepComment(1, 'plan', 'Plan 2')
    await host.keepComment(1, 'plan', 'Plan 2')
    const bodies = under.server.github.comments.map(({ body }) => body.replace(/\n\n<!--.*-->$/, ''))
    expect(bodies).toEqual(['Plan 2', 'Waits for an approval'])
    const patches = under.server.operations.filter((name) => name.startsWith('PATCH') && name.includes('comments'))
    expect(patches).toHaveLength(1)
  })

  it('sets a status, cut to what GitHub takes', async () => {
    const description = 'Waits for an approval. '.repeat(20)
    await host.setStatus({ commit: head, name: 'wheelhouse/gates', state: 'pending', description })
    const url = 'https://wheelhouse.test/promotions/1'
    await host.setStatus({ commit: head, name: 'wheelhouse/gates', state: 'success', description: 'Approved', url })
    const seen = under.server.github.statuses.map(({ sha, context, state, targetUrl }) => [
      sha,
      context,
      state,
      targetUrl,
    ])
    expect(seen).toEqual([
      [head, 'wheelhouse/gates', 'pending', null],
      [head, 'wheelhouse/gates', 'success', url],
    ])
    expect(under.server.github.statuses[0]?.description).toHaveLength(140)
  })

  it('tells of deployments, and leaves those of other releases in the same environment alone', async () => {
    const deploy = async (commit: string, key: string) => {
      const id = await host.createDeployment({ commit, environment: 'dev', description: 'podinfo 0.4.11', key })
      await host.setDeploymentState(id, { state: 'in_progress', description: 'helm upgrade' })
      await host.setDeploymentState(id, { state: 'success', description: 'Revision 5' })
    }
    await deploy(first, 'op-1')
    await deploy(head, 'op-2')
    const states = under.server.github.deployments.map(({ sha, environment, statuses }) => {
      return [sha, environment, ...statuses.map(({ state }) => state)]
    })
    expect(states).toEqual([
      [first, 'dev', 'in_progress', 'success'],
      [head, 'dev', 'in_progress', 'success'],
    ])
  })

  it('lists deliveries that nobody took, and has them sent again', async () => {
    const since = Date.now() - 1000
    hook.answer = 503
    await host.keepPullRequest(text)
    await under.server.settled()
    const [missed, ...more] = await host.missedDeliveries(hook.url, since)
    if (!missed) throw new Error('nothing was missed')
    expect(more).toEqual([])
    expect(missed).toMatchObject({ event: 'pull_request', delivery: hook.received[0]?.delivery })
    expect(await host.missedDeliveries(hook.url, Date.now() + 60_000)).toEqual([])
    // An App has one webhook for all its repositories; any other is known by its address.
    expect(await host.missedDeliveries('https://elsewhere.test', since)).toHaveLength(kind === 'app' ? 1 : 0)
    hook.answer = 202
    await host.redeliver(missed)
    await under.server.settled()
    expect(hook.received.map(({ delivery }) => delivery)).toEqual([missed.delivery, missed.delivery])
    expect(await host.missedDeliveries(hook.url, since)).toEqual([])
  })

  it('finds what was missed long before, behind hundreds of deliveries that were taken', async () => {
    const since = Date.now() - 1000
    const { hooks } = under.server.github
    hook.answer = 503
    hooks.emit('ping', { zen: 'Missed' })
    await under.server.settled()
    hook.answer = 202
    for (let count = 0; count < 250; count += 1) hooks.emit('ping', { zen: 'Taken' })
    await under.server.settled()
    const missed = await host.missedDeliveries(hook.url, since)
    expect(missed.map(({ delivery }) => delivery)).toEqual([hook.received[0]?.delivery])
  })

  it('asks on condition: what did not change is not sent again', async () => {
    await host.keepPullRequest(text)
    const before = await host.pullRequest(1)
    const asked = under.server.conditional.length
    expect(await host.pullRequest(1)).toEqual(before)
    expect(under.server.conditional.slice(asked)).toEqual([`304 ${getPull}`])
    await host.keepPullRequest({ ...text, title: 'Changed' })
    expect(await host.pullRequest(1)).toMatchObject({ title: 'Changed' })
  })

  it('says that GitHub cannot be reached, or does not answer in time', async () => {
    const nobody = under.host({ apiUrl: `http://127.0.0.1:${await findFreePort()}` })
    const message = expect.stringContaining('ECONNREFUSED') as string
    await expect(nobody.pullRequest(1)).rejects.toMatchObject({ code: 'git-unreachable', retryable: true, message })
    const impatient = under.host({ timeoutMs: 300 })
    under.server.github.faults.plan({ kind: 'silence' }, { operation: getPull })
    const late = { code: 'git-unreachable', retryable: true, message: expect.stringContaining('in time') as string }
    await expect(impatient.pullRequest(1)).rejects.toMatchObject(late)
  })

  it('says in words what GitHub does not do', async () => {
    await expect(host.keepPullRequest({ ...text, branch: 'none' })).rejects.toMatchObject({ code: 'git-refused' })
    await expect(host.pullRequest(99)).rejects.toMatchObject({ code: 'not-found' })
    under.server.github.faults.plan({ kind: 'secondary-limit', status: 403, retryAfterSeconds: 3 })
    await expect(host.pullRequest(1)).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 3000 })
  })
})
