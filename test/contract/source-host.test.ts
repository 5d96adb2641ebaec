import { beforeEach, describe, expect, it } from 'vitest'
import { createSourceHost } from '#lib/adapters/github/index.ts'
import { closePull } from '#demo/world/github/routes/pulls.ts'
import type { SourceHost } from '#lib/ports/source-host.ts'
import { createOrigin, stageChanges, type GitOrigin } from '#test/fixtures/git-origin.ts'
import { startGitHubRepository, type GitHubRepositoryInTest } from '#test/fixtures/github-repository.ts'

const branches = { head: 'dev', base: 'stg' }
const text = { ...branches, title: 'Promote podinfo', text: 'The plan.' }

describe.each(['token', 'app'] as const)('a source repository at GitHub by %s', (kind) => {
  let under: GitHubRepositoryInTest
  let source: GitOrigin
  let host: SourceHost
  let first: string

  beforeEach(async () => {
    source = await createOrigin()
    under = await startGitHubRepository(kind, {
      beside: [{ owner: 'acme', name: 'podinfo', bare: source.bare, defaultBranch: source.branch }],
    })
    first = await source.push({ 'main.go': { text: 'one\n' } })
    await branchAt('stg', first)
    host = open()
    return async () => {
      await under.stop()
      await source.remove()
    }
  })

  const open = (name = 'podinfo') =>
    createSourceHost({
      address: { owner: 'acme', repo: name, apiUrl: under.server.apiUrl },
      credential: under.credential,
      clock: { now: () => Date.now() },
      timeoutMs: 20_000,
    })

  const branchAt = (branch: string, commit: string) =>
    source.git(['push', '--quiet', 'origin', `${commit}:refs/heads/${branch}`])

  async function commit(branch: string, parent: string, file: string): Promise<string> {
    await source.git(['checkout', '--quiet', '--detach', parent])
    await stageChanges(source, { [file]: { text: `${branch}\n` } })
    await source.git(['commit', '--quiet', '-m', `Add ${file}\n\nFor ${branch}.`])
    const made = await source.git(['rev-parse', 'HEAD'])
    await source.git(['checkout', '--quiet', source.branch])
    await branchAt(branch, made)
    return made
  }

  it('knows its branches', async () => {
    expect(host.name).toBe('acme/podinfo')
    const url = `${under.server.url}/acme/podinfo`
    expect(await host.repository()).toEqual({ url, defaultBranch: source.branch })
    expect(await host.branchHead('stg')).toBe(first)
    expect(await host.branchHead('nothing')).toBeUndefined()
    await expect(open('other').repository()).rejects.toMatchObject({ code: 'not-found' })
  })

  it('compares from where the branches part, oldest first', async () => {
    const one = await commit('dev', first, 'a.go')
    const two = await commit('dev', one, 'b.go')
    const other = await commit('stg', first, 'c.go')
    const { commits, count, files } = await host.compare(other, two)
    expect(commits.map(({ sha, message }) => [sha, message])).toEqual([
      [one, 'Add a.go\n\nFor dev.'],
      [two, 'Add b.go\n\nFor dev.'],
    ])
    expect(commits[0]).toMatchObject({ url: `${under.server.url}/acme/podinfo/commit/${one}` })
    expect([count, files]).toEqual([2, 2])
    expect(await host.compare(two, two)).toEqual({ commits: [], count: 0, files: 0 })
  })

  it('reads comparisons to their last page', async () => {
    let head = first
    for (let number = 0; number < 101; number += 1) {
      const tree = await source.git(['rev-parse', `${first}^{tree}`])
      head = await source.git(['commit-tree', tree, '-p', head, '-m', `Commit ${number}`])
    }
    await branchAt('dev', head)
    const { commits, count } = await host.compare(first, head)
    expect([commits.length, count]).toEqual([101, 101])
    expect(commits.at(-1)?.sha).toBe(head)
  })

  it('has one pull request for two branches, and does not mistake that of others for it', async () => {
    await commit('dev', first, 'a.go')
    await branchAt('prod', first)
    const elsewhere = await host.keepMerge({ ...text, base: 'prod' })
    expect(await host.findMerge(branches)).toBeUndefined()
    const opened = await host.keepMerge(text)
    expect(opened).toMatchObject({ number: 2, title: text.title, state: { kind: 'open', conflicts: false } })
    expect((await host.keepMerge({ ...text, text: 'Another.' })).text).toBe('Another.')
    expect(await host.findMerge({ ...branches, base: 'prod' })).toEqual(elsewhere)
    const [github] = under.server.beside
    const pull = github?.pulls[1]
    if (!github || !pull) throw new Error('there is no pull request')
    await closePull(github, pull, 'ada')
    expect(await host.findMerge(branches)).toMatchObject({ number: 2, state: { kind: 'closed' } })
    expect((await host.keepMerge(text)).number).toBe(3)
  })

  it('finds the one that somebody else opened in between', async () => {
    await commit('dev', first, 'a.go')
    const [one, other] = await Promise.all([host.keepMerge(text), open().keepMerge(text)])
    expect(one.number).toBe(other.number)
    expect(under.server.beside[0]?.pulls).toHaveLength(1)
  })

  it('finds a commit by its first digits', async () => {
    expect(await host.findCommit(first.slice(0, 8))).toBe(first)
    expect(await host.findCommit(first)).toBe(first)
    expect(await host.findCommit('0123456789')).toBeUndefined()
  })

  it('keeps a branch of ours where it is wanted, and takes it away', async () => {
    const other = await commit('dev', first, 'a.go')
    await host.keepBranch('wheelhouse/podinfo-stg', other)
    expect(await host.branchHead('wheelhouse/podinfo-stg')).toBe(other)
    await host.keepBranch('wheelhouse/podinfo-stg', first)
    await host.keepBranch('wheelhouse/podinfo-stg', first)
    expect(await host.branchHead('wheelhouse/podinfo-stg')).toBe(first)
    await host.removeBranch('wheelhouse/podinfo-stg')
    await host.removeBranch('wheelhouse/podinfo-stg')
    expect(await host.branchHead('wheelhouse/podinfo-stg')).toBeUndefined()
  })

  it('makes a tag once, and never moves it', async () => {
    const other = await commit('dev', first, 'a.go')
    expect(await host.tagCommit('0.4.11')).toBeUndefined()
    expect(await host.makeTag('0.4.11', first)).toBe(true)
    expect(await host.makeTag('0.4.11', other)).toBe(false)
    expect(await host.tagCommit('0.4.11')).toBe(first)
  })

  it('sees the commit through a tag with a message', async () => {
    await source.git(['tag', '-a', '-m', 'A release', '0.4.12', first])
    await source.git(['push', '--quiet', 'origin', 'refs/tags/0.4.12'])
    expect(await host.tagCommit('0.4.12')).toBe(first)
    expect(await host.tags()).toEqual([{ name: '0.4.12', commit: first }])
  })
})
