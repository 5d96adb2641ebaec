import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GitRepository } from '#lib/adapters/git/index.ts'
import { startGitHost } from '#test/fixtures/git-http-server.ts'
import {
  canary,
  committer,
  startGitHubRepository,
  type GitHubRepositoryInTest,
} from '#test/fixtures/github-repository.ts'
import { configRepositoryContract } from './config-repository.contract.ts'

for (const kind of ['token', 'app'] as const) {
  configRepositoryContract(`a repository at GitHub by ${kind}`, async () => {
    const { origin, server, open, stop } = await startGitHubRepository(kind)
    const protect = async () => void server.github.protectedBranches.add(origin.branch)
    return { origin, open, protect, stop }
  })
}

const tree = 'POST /repos/{owner}/{repo}/git/trees'
const commit = 'POST /repos/{owner}/{repo}/git/commits'
const updateRef = 'PATCH /repos/{owner}/{repo}/git/refs/{ref}'
const getRef = 'GET /repos/{owner}/{repo}/git/ref/{ref}'
const accessToken = 'POST /app/installations/{installation_id}/access_tokens'
const installation = 'GET /repos/{owner}/{repo}/installation'

let under: GitHubRepositoryInTest
let repository: GitRepository
let first: string

async function start(kind: 'token' | 'app') {
  under = await startGitHubRepository(kind)
  first = await under.origin.push({ 'a.yaml': { text: 'a: 1\n' }, 'run.sh': { text: 'true\n', executable: true } })
  repository = under.open()
  await repository.fetch()
}

async function stop() {
  await repository.close()
  await under.stop()
}

const request = (text = 'a: 2\n') => {
  return { parent: first, files: [{ path: 'a.yaml', text }], message: 'M\n\nWheelhouse-Op: op-1', author: committer }
}

describe('committing by the API', () => {
  beforeEach(() => start('token'))
  afterEach(stop)

  it('asks for a tree, a commit, the head and the ref, and fetches nothing back', async () => {
    under.server.operations.length = 0
    const requests = under.server.authorizations.length
    expect(await repository.commit(request())).toMatchObject({ kind: 'committed' })
    expect(under.server.operations.toSorted()).toEqual([tree, commit, getRef, updateRef].toSorted())
    expect(under.server.authorizations.length - requests).toBe(4)
    expect((await repository.head())?.commit).toBe(await under.origin.head())
  })

  it('takes over a commit that GitHub made differently', async () => {
    const { bare } = under.server.github
    const make = bare.makeCommit.bind(bare)
    bare.makeCommit = (text) => make({ ...text, message: text.message.trimEnd() })
    const result = await repository.commit(request())
    if (result.kind !== 'committed') throw new Error(result.kind)
    expect(await under.origin.head()).toBe(result.commit)
    expect((await repository.head())?.commit).toBe(result.commit)
    expect((await repository.commitInfo(result.commit)).message).toBe('M\n\nWheelhouse-Op: op-1')
  })

  it('leaves the branch alone where GitHub made another tree', async () => {
    const { bare } = under.server.github
    const make = bare.makeTree.bind(bare)
    bare.makeTree = (base, changes) =>
      make(
        base,
        changes.map((change) => ({ ...change, mode: '100755' })),
      )
    await expect(repository.commit(request())).rejects.toMatchObject({ code: 'internal' })
    expect(await under.origin.head()).toBe(first)
  })

  it.each([
    ['before the tree is made', tree],
    ['while the commit is made', getRef],
    ['right before the ref moves', updateRef],
  ] as const)('says moved where someone pushes %s', async (_label, operation) => {
    let theirs = ''
    under.server.github.faults.before(operation, async () => {
      theirs = await under.origin.push({ 'b.yaml': { text: 'b: 1\n' } })
    })
    expect(await repository.commit(request())).toEqual({ kind: 'moved' })
    expect(await under.origin.head()).toBe(theirs)
    expect((await repository.head())?.commit).toBe(first)
  })

  it('says moved where the head was thrown away by force, and brings it not back', async () => {
    const second = await under.origin.push({ 'a.yaml': { text: 'a: 2\n' } })
    await repository.fetch()
    await under.origin.git(['reset', '--quiet', '--hard', first])
    await under.origin.git(['push', '--quiet', '--force', 'origin', `${first}:refs/heads/main`])
    expect(await repository.commit({ ...request('a: 3\n'), parent: second })).toEqual({ kind: 'moved' })
    expect(await under.origin.head()).toBe(first)
    expect(await repository.fetch()).toEqual({ commit: first, forced: true })
  })

  it('says moved where the repository was emptied, and has no head then', async () => {
    await under.server.github.bare.empty()
    expect(await repository.commit(request())).toEqual({ kind: 'moved' })
    expect(await repository.fetch()).toBeUndefined()
    expect((await repository.head())?.commit).toBe(first)
  })

  it('says protected in words, and the push of somebody else is refused too', async () => {
    under.server.github.protectedBranches.add('main')
    const result = await repository.commit(request())
    expect(result).toEqual({ kind: 'protected', reason: expect.stringContaining('through a pull request') as string })
    const url = under.server.gitUrl.replace('http://', `http://x:${canary}@`)
    await expect(
      under.origin.git(['push', url, `${first}:refs/heads/other`, `${first}~0:refs/heads/main`]),
    ).resolves.toBe('')
    await under.origin.git(['commit', '--allow-empty', '--quiet', '-m', 'Theirs'])
    await expect(under.origin.git(['push', url, 'HEAD:refs/heads/main'])).rejects.toThrow('GH006')
  })

  it.each([
    ['the budget is used up', { kind: 'primary-limit', resetInMs: 90_000 } as const, 89_000, 91_000],
    [
      'a secondary limit names its time',
      { kind: 'secondary-limit', status: 403, retryAfterSeconds: 7 } as const,
      7000,
      7000,
    ],
    ['a secondary limit names none', { kind: 'secondary-limit', status: 429 } as const, 60_000, 60_000],
  ])('fails with the time to wait where %s, and asks nothing meanwhile', async (_label, fault, least, most) => {
    under.server.github.faults.plan(fault, { operation: commit })
    const limited = await repository.commit(request()).catch((error: unknown) => error)
    expect(limited).toMatchObject({ code: 'rate-limited', retryable: true })
    const { retryAfterMs } = limited as { retryAfterMs: number }
    expect(retryAfterMs).toBeGreaterThanOrEqual(least)
    expect(retryAfterMs).toBeLessThanOrEqual(most)
    const asked = under.server.operations.length
    await expect(repository.commit(request())).rejects.toMatchObject({ code: 'rate-limited' })
    expect(under.server.operations.length).toBe(asked)
    expect(await under.origin.head()).toBe(first)
  })

  it.each([500, 502, 503])('is tried again later after %s', async (status) => {
    under.server.github.faults.plan({ kind: 'error', status }, { operation: updateRef })
    await expect(repository.commit(request())).rejects.toMatchObject({ code: 'git-unreachable', retryable: true })
    expect((await repository.head())?.commit).toBe(first)
    expect(await repository.commit(request())).toMatchObject({ kind: 'committed' })
  })

  it('is refused with what a person can do when the token is revoked in between', async () => {
    under.server.github.faults.before(updateRef, async () => under.server.github.identities.revokeTokens('people'))
    const refused = await repository.commit(request())
    expect(refused).toEqual({
      kind: 'refused',
      reason: expect.stringContaining('no longer accepts the token') as string,
    })
    expect(await under.origin.head()).toBe(first)
    await expect(repository.fetch()).rejects.toMatchObject({
      code: 'git-refused',
      message: expect.stringContaining('revoked'),
    })
  })

  it('is refused where the token may only read', async () => {
    const stranger = await startGitHubRepository('token', {
      people: [{ login: 'guest', token: canary, readOnly: true }],
    })
    const parent = await stranger.origin.push({ 'a.yaml': { text: 'a: 1\n' } })
    const reader = stranger.open()
    expect((await reader.fetch())?.commit).toBe(parent)
    const reason = expect.stringContaining('not accessible') as string
    expect(await reader.commit({ ...request(), parent })).toEqual({ kind: 'refused', reason })
    await reader.close()
    await stranger.stop()
  })

  it('says that the repository was renamed, to fetch and to commit', async () => {
    under.server.github.rename('configuration')
    const message = expect.stringContaining('renamed') as string
    await expect(repository.fetch()).rejects.toMatchObject({ code: 'git-refused', message })
    const refused = await repository.commit(request())
    expect(refused).toEqual({ kind: 'refused', reason: expect.stringContaining('new address') as string })
  })

  it('carries no token along with a redirect', async () => {
    const elsewhere = await startGitHost(under.origin.directory)
    under.server.github.faults.plan({ kind: 'redirect', to: elsewhere.url })
    expect(await repository.commit(request())).toMatchObject({ kind: 'refused' })
    expect(elsewhere.requests).toEqual([])
    await elsewhere.close()
  })

  it('shows the token nowhere: not in errors, the log, the mirror', async () => {
    under.server.github.identities.revokeTokens('people')
    const error = await repository.fetch().catch((reason: unknown) => reason)
    const told = [error, await repository.commit(request())]
      .map((one) => `${String(one)} ${JSON.stringify(one)}`)
      .join()
    expect(under.server.authorizations.join()).toContain(canary)
    expect(told).not.toContain(canary)
    const mirror = join(under.origin.directory, 'mirror-0.git')
    expect(await readFile(join(mirror, 'config'), 'utf8')).not.toContain(canary)
    const entries = await readdir(mirror, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
    const texts = await Promise.all(files.map((file) => readFile(file)))
    expect(files.filter((_file, index) => texts[index]?.includes(canary))).toEqual([])
  })
})

describe('a GitHub App', () => {
  beforeEach(() => start('app'))
  afterEach(stop)

  it('asks for a token once, and uses it for Git and the API', async () => {
    expect(await repository.commit(request())).toMatchObject({ kind: 'committed' })
    await repository.fetch()
    const asked = under.server.operations.filter((operation) => [installation, accessToken].includes(operation))
    expect(asked).toEqual([installation, accessToken])
    expect(await under.origin.head()).toBe((await repository.head())?.commit)
  })

  it('asks for another token where the one it has was taken back', async () => {
    under.server.github.identities.revokeTokens('installation')
    expect(await repository.commit(request())).toMatchObject({ kind: 'committed' })
    under.server.github.identities.revokeTokens('installation')
    expect((await repository.fetch())?.commit).toBe(await under.origin.head())
  })

  it('says that it is no longer installed', async () => {
    under.server.github.identities.uninstall()
    const message = expect.stringContaining('not installed at acme/config') as string
    expect(await repository.commit(request())).toEqual({ kind: 'refused', reason: message })
    await expect(repository.fetch()).rejects.toMatchObject({ message, suggestion: expect.stringContaining('Install') })
    expect(await repository.head()).toEqual({ commit: first, forced: false })
  })
})
