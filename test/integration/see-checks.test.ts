import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { evaluateGates, noGates } from '#lib/core/gate/index.ts'
import { branchOfPromotion } from '#lib/operations/work/proposals.ts'
import { checksKept, checksOfCommit, seeChecks } from '#lib/operations/work/see-checks.ts'
import type { CheckRecord, PromotionRecord } from '#lib/ports/store/index.ts'
import { startGitHubRepository, type GitHubRepositoryInTest } from '#test/fixtures/github-repository.ts'
import { chartFiles, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let under: GitHubRepositoryInTest
let worker: WorkerInTest
let head: string

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

/** What is to be promoted from dev was deployed there by `head`. */
beforeEach(async () => {
  under = await startGitHubRepository('token')
  worker = await startWorkerInTest(await database.fresh(), under)
  worker.deps.gitHost = under.host()
  head = await under.origin.push({ ...chartFiles, 'releases/dev/podinfo.yaml': { text: releaseText() } })
  await worker.fetch()
  const release = worker.release('podinfo-dev').id
  const revision = { release, revision: 1, status: 'deployed' as const, updatedAt: 1, images: [], commit: head }
  const chart = { chartName: 'podinfo', chartVersion: '0.2.0', appVersion: '', description: '' }
  await worker.store.saveRevision({ ...revision, ...chart })
  return async () => {
    await worker.close()
    await under.server.stop()
  }
})

const names = ['ci/e2e', 'scan']
const promotion = (more: Partial<PromotionRecord> = {}): PromotionRecord => ({
  id: 'pr-1',
  release: 'r-stg',
  application: worker.release('podinfo-dev').application,
  environment: 'stg',
  source: 'dev',
  way: 'commit',
  state: 'waiting',
  reason: '',
  planDigest: 'plan-1',
  facts: { cause: { kind: 'person', actor: 'ann' }, authors: [], images: [], changes: [], expects: {}, path: '' },
  steps: [],
  createdAt: 1,
  ...more,
})
const told = (name: string, state: CheckRecord['state'], planDigest = 'plan-1') =>
  worker.store.saveCheck({ promotion: 'pr-1', name, origin: 'told', planDigest, state, by: 'CI', at: 1 })
const atGitHub = (context: string, state: string, sha = head) => {
  const { github } = under.server
  const [id, description, targetUrl] = [github.nextId(), null, null]
  github.statuses.push({ id, sha, state, context, description, targetUrl, author: 'grace' })
}

/** The gate's verdict on what is seen, with its words. */
async function verdict(about = promotion()): Promise<string> {
  const [result] = evaluateGates(
    {
      environment: 'stg',
      gates: { ...noGates, checks: names },
      planDigest: about.planDigest,
      carries: [],
      sources: [],
      authors: [],
      approvals: [],
      overrides: [],
      checks: await seeChecks(worker.deps, about, names),
    },
    worker.clock.now(),
  )
  return `${result?.verdict}: ${result?.evidence}`
}

describe('checks', () => {
  it('are read at the commit that the source runs, and reported to the promotion', async () => {
    expect(await verdict()).toBe('waiting: ci/e2e has not reported yet. scan has not reported yet.')
    atGitHub('ci/e2e', 'success')
    atGitHub('other', 'failure')
    await told('scan', 'pending')
    expect(await verdict()).toBe('waiting: scan is not done. ci/e2e passed.')
    await told('scan', 'success')
    expect(await verdict()).toBe('passed: ci/e2e passed. scan passed.')
  })

  it('are read at the commit that is let through', async () => {
    atGitHub('ci/e2e', 'success')
    const later = await under.origin.push({ 'README.md': { text: 'x\n' } })
    atGitHub('ci/e2e', 'failure', later)
    const { facts } = promotion()
    const about = promotion({ way: 'let-through', source: undefined, facts: { ...facts, commit: later } })
    expect(await verdict(about)).toContain('refused: ci/e2e failed.')
  })

  it('are read at the head of what is proposed, and nowhere else', async () => {
    for (const name of names) atGitHub(name, 'success')
    const about = promotion({ way: 'pull-request' })
    expect(await verdict(about)).toBe('waiting: ci/e2e has not reported yet. scan has not reported yet.')
    const proposed = await under.origin.push({ 'README.md': { text: 'proposed\n' } })
    const branch = branchOfPromotion(about)
    const scope = { kind: 'promotion' as const, environment: 'stg', promotion: about.id }
    const made = { branch, scope, title: '', commit: proposed, content: '', writes: [], openedAt: 1 }
    worker.deps.memory.proposals.set(branch, made)
    atGitHub('ci/e2e', 'success', proposed)
    expect(await verdict(about)).toBe('waiting: scan has not reported yet. ci/e2e passed.')
  })

  it('count for the plan that stands: of GitHub anew, of a report not', async () => {
    atGitHub('ci/e2e', 'success')
    await told('scan', 'success')
    expect(await verdict()).toContain('passed')
    expect(await verdict(promotion({ planDigest: 'plan-2' }))).toBe(
      'waiting: scan was about another plan. ci/e2e passed.',
    )
  })

  it('that GitHub takes back no longer pass', async () => {
    atGitHub('ci/e2e', 'success')
    await told('scan', 'success')
    expect(await verdict()).toContain('passed')
    atGitHub('ci/e2e', 'failure')
    expect(await verdict()).toContain('refused: ci/e2e failed.')
  })

  it('pass by nothing that was said before while GitHub cannot be asked', async () => {
    atGitHub('ci/e2e', 'success')
    await told('scan', 'success')
    expect(await verdict()).toContain('passed')
    under.server.github.faults.plan({ kind: 'error', status: 502 }, { times: 2 })
    expect(await verdict()).toMatch(/^waiting: ci\/e2e .* The checks of .{7} cannot be read: GitHub answered 502\./)
    expect(await verdict()).toContain('passed')
  })

  it('are kept for the pages as they were last seen, written once', async () => {
    atGitHub('ci/e2e', 'pending')
    await verdict()
    const [first] = await worker.store.listChecks('pr-1')
    worker.clock.time += 60_000
    await verdict()
    expect(await worker.store.listChecks('pr-1')).toEqual([first])
    expect(await checksKept(worker.deps, promotion())).toEqual({
      reports: [expect.objectContaining({ name: 'ci/e2e', state: 'pending', planDigest: 'plan-1' })],
    })
  })

  it('without a host are what is reported alone', async () => {
    worker.deps.gitHost = undefined
    for (const name of names) await told(name, 'success')
    expect(await verdict()).toContain('passed')
  })

  it('of a commit that loosens gates are those of that commit', async () => {
    atGitHub('scan', 'success')
    expect(await checksOfCommit(worker.deps, head, names, 'd')).toEqual({
      reports: [{ name: 'scan', state: 'success', description: '', planDigest: 'd' }],
      unreachable: undefined,
    })
  })
})
