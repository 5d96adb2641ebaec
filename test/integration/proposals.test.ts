import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { closePull, mergePull } from '#demo/world/github/routes/pulls.ts'
import { pushImage } from '#demo/world/push-image.ts'
import type { Pull } from '#demo/world/github/state.ts'
import { startRegistryServer, type RegistryServer } from '#test/fakes/registry-server.ts'
import { startGitHubRepository, type GitHubRepositoryInTest } from '#test/fixtures/github-repository.ts'
import { chartFiles, configMapText, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let registry: RegistryServer
let under: GitHubRepositoryInTest
let worker: WorkerInTest

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const places = { dev: 'releases/dev/podinfo.yaml', prod: 'releases/prod/podinfo.yaml' }
const branchOf = (environment: string) => `wheelhouse/environment/${environment}`
const app = () => `${registry.host}/app`
function document(environment: 'dev' | 'prod', tag: string, replicas = 1) {
  const annotations = ['fluxcd.io/automated: "true"', 'fluxcd.io/tag.chart-image: semver:~1']
  const values = [`image: ${app()}:${tag}`, `replicaCount: ${replicas}`]
  const text = releaseText({ name: `podinfo-${environment}`, namespace: environment, annotations, values })
  return { [places[environment]]: { text } }
}

const github = () => under.server.github
const bare = (...args: string[]) => under.origin.git(['-C', under.origin.bare, ...args])
const fileAt = (ref: string, environment: 'dev' | 'prod' = 'dev') => bare('show', `${ref}:${places[environment]}`)
const branches = async () => (await bare('for-each-ref', '--format=%(refname:short)', 'refs/heads')).split('\n')
const waits = async () => (await worker.store.pendingWrites()).length
const alerts = async () => (await worker.store.listAlerts({ open: true, limit: 9 })).map(({ kind }) => kind)
const states = async () => {
  const operations = await worker.store.listOperations({ limit: 9 })
  return operations.filter(({ cause }) => cause.kind === 'tag').map(({ state }) => state)
}
const kinds = async () => {
  await worker.store.chainAudit()
  return (await worker.store.listAudit({ limit: 100 })).items.map(({ kind }) => kind)
}
const openPulls = () => github().pulls.filter(({ state }) => state === 'open')
const only = (pulls: Pull[]): Pull => {
  expect(pulls).toHaveLength(1)
  return pulls[0] as Pull
}
/** What its webhook would wake. */
async function look() {
  worker.clock.time += 1_000
  worker.deps.wakeups.wake('propose')
  await worker.settle()
}

/** The branch is protected, and dev is deployed at 1.0.0; automation finds 1.0.1. */
beforeEach(async () => {
  registry = await startRegistryServer()
  under = await startGitHubRepository('app')
  worker = await startWorkerInTest(await database.fresh(), under)
  await release('1.0.0')
  await under.origin.push({ ...chartFiles, ...document('dev', '1.0.0') })
  await worker.fetch()
  await worker.scan(app())
  github().protectedBranches.add('main')
  return async () => {
    await worker.close()
    await Promise.all([registry.close(), under.server.stop()])
  }
})

async function release(tag: string) {
  await pushImage({ registry: registry.host, repository: 'app', tag })
  worker.clock.time += 1_000
  await worker.scan(app())
}

describe('a protected branch', () => {
  it('gets one pull request per environment, with what was decided and nothing else', async () => {
    const head = await under.origin.head()
    await release('1.0.1')
    const pull = only(openPulls())
    expect(pull).toMatchObject({ head: branchOf('dev'), base: 'main', title: expect.stringContaining('1.0.1') })
    expect(await under.origin.head()).toBe(head)
    expect(await bare('rev-list', `main..${branchOf('dev')}`)).toMatch(/^[0-9a-f]{40}$/)
    expect(await bare('diff', '--unified=0', 'main', branchOf('dev'))).toMatch(/^\+ {4}image: .*:1\.0\.1$/m)
    expect([await waits(), await states(), await alerts()]).toEqual([1, ['decided'], []])
    expect(github().statuses.at(-1)).toMatchObject({ context: 'wheelhouse/gates', state: 'success' })
  })

  it('is kept up to date: a newer tag takes the place of the older in the same pull request', async () => {
    await release('1.0.1')
    const { number } = only(openPulls())
    await release('1.0.2')
    expect(only(openPulls()).number).toBe(number)
    expect(await fileAt(branchOf('dev'))).toContain(`${app()}:1.0.2`)
    expect(await bare('log', '--format=%s', `main..${branchOf('dev')}`)).toBe(`Auto-release ${app()}:1.0.2`)
  })

  it('two environments are two pull requests, and merging one touches the other in nothing', async () => {
    github().protectedBranches.clear()
    await under.origin.push(document('prod', '1.0.0'))
    await worker.fetch()
    github().protectedBranches.add('main')
    await release('1.0.1')
    expect(
      openPulls()
        .map(({ head }) => head)
        .sort(),
    ).toEqual([branchOf('dev'), branchOf('prod')])
    const dev = openPulls().find(({ head }) => head === branchOf('dev')) as Pull
    await mergePull(github(), dev, 'grace')
    await look()
    expect(only(openPulls()).head).toBe(branchOf('prod'))
    expect([await fileAt('main'), await fileAt('main', 'prod')]).toEqual([
      expect.stringContaining('1.0.1'),
      expect.stringContaining('1.0.0'),
    ])
  })

  it('merged by somebody: deployed under its operation, branch and request are gone', async () => {
    await release('1.0.1')
    await mergePull(github(), only(openPulls()), 'grace')
    await look()
    await worker.fetch()
    expect([await waits(), openPulls(), await branches()]).toEqual([0, [], ['main']])
    expect(await states()).toEqual(['succeeded'])
    expect(await kinds()).toContain('proposal.merged')
    expect(worker.deps.memory.proposals.size).toBe(0)
  })

  it('merged as another commit without our trailers: deployed under its operation all the same', async () => {
    await release('1.0.1')
    const pull = only(openPulls())
    const [tree = '', parent = ''] = [await bare('rev-parse', `${pull.head}^{tree}`), await under.origin.head()]
    const commit = await bare(
      '-c',
      'user.name=x',
      '-c',
      'user.email=x@y',
      'commit-tree',
      tree,
      '-p',
      parent,
      '-m',
      'Squashed',
    )
    await bare('update-ref', 'refs/heads/main', commit)
    pull.state = 'closed'
    pull.merged = { commit, by: 'grace', at: new Date().toISOString() }
    await worker.fetch()
    await look()
    await worker.fetch()
    expect([await waits(), await states()]).toEqual([0, ['succeeded']])
  })

  it('closed by hand: refused with that reason, not asked for again until there is another tag', async () => {
    await release('1.0.1')
    await closePull(github(), only(openPulls()), 'grace')
    await look()
    expect([await waits(), await states(), await branches()]).toEqual([0, ['refused'], ['main']])
    await worker.scan(app())
    await look()
    expect([openPulls(), await alerts()]).toEqual([[], []])
    expect(worker.release('podinfo-dev').images[0]?.problem).toMatchObject({ code: 'declined', severity: 'warning' })
    await release('1.0.2')
    expect(only(openPulls()).title).toContain('1.0.2')
  })

  it('somebody else pushed to its branch: left to people, nothing of theirs is lost', async () => {
    await release('1.0.1')
    const pull = only(openPulls())
    await under.origin.git(['fetch', '--quiet', under.origin.bare, pull.head])
    await under.origin.git(['checkout', '--quiet', '--detach', 'FETCH_HEAD'])
    await under.origin.git(['commit', '--quiet', '--allow-empty', '-m', 'Mine'])
    await under.origin.git(['push', '--quiet', under.origin.bare, `HEAD:refs/heads/${pull.head}`])
    const theirs = await bare('rev-parse', pull.head)
    await release('1.0.2')
    await look()
    expect(await bare('rev-parse', pull.head)).toBe(theirs)
    expect(worker.deps.memory.proposals.get(pull.head)?.problem).toContain('Somebody else pushed')
    expect(github().statuses.at(-1)).toMatchObject({ state: 'failure', sha: theirs })
  })

  it('with conflicts: made anew on the head that there is', async () => {
    await release('1.0.1')
    await under.origin.pull()
    await under.origin.push(document('dev', '1.0.0', 2))
    await worker.fetch()
    await look()
    const text = await fileAt(branchOf('dev'))
    expect([text.includes('1.0.1'), text.includes('replicaCount: 2')]).toEqual([true, true])
    await mergePull(github(), only(openPulls()), 'grace')
    await look()
    expect(await states()).toEqual(['succeeded'])
  })

  it('commits elsewhere leave it as it is: no review is thrown away for them', async () => {
    await release('1.0.1')
    const before = await bare('rev-parse', branchOf('dev'))
    await under.origin.pull()
    await under.origin.push({ 'releases/dev/x.yaml': { text: configMapText('x') } })
    await worker.fetch()
    await look()
    expect(await bare('rev-parse', branchOf('dev'))).toBe(before)
  })

  it('no longer wanted: the pull request is closed', async () => {
    await release('1.0.1')
    await under.origin.pull()
    await under.origin.push(document('dev', '1.0.1'))
    await worker.fetch()
    await look()
    expect([openPulls(), await waits(), await branches()]).toEqual([[], 0, ['main']])
    expect(github().pulls[0]?.merged).toBeUndefined()
  })

  it('protection lifted: written as ever, and the pull request is closed', async () => {
    await release('1.0.1')
    github().protectedBranches.clear()
    worker.clock.time += 600_000
    worker.deps.wakeups.wake('write')
    await worker.settle()
    expect(await fileAt('main')).toContain('1.0.1')
    expect([openPulls(), await waits(), await states()]).toEqual([[], 0, ['succeeded']])
  })

  it.each(['proposal.pushed'] as const)('killed at %s: goes on with the same pull request', async (step) => {
    const { deps } = worker
    deps.step = (name) => {
      if (name === step) throw new Error('killed')
    }
    await expect(release('1.0.1')).rejects.toThrow('killed')
    await worker.restart()
    await worker.fetch()
    worker.deps.wakeups.wake('write')
    await look()
    expect(only(openPulls()).head).toBe(branchOf('dev'))
    await mergePull(github(), only(openPulls()), 'grace')
    await look()
    expect([await waits(), await states()]).toEqual([0, ['succeeded']])
  })

  it('a restart in between repeats nothing', async () => {
    await release('1.0.1')
    const [before, told] = [await bare('rev-parse', branchOf('dev')), github().statuses.length]
    await worker.restart()
    await worker.fetch()
    await look()
    expect([await bare('rev-parse', branchOf('dev')), github().statuses.length]).toEqual([before, told])
    expect(only(openPulls()).number).toBe(1)
  })

  it('a branch of that name that is not ours is not written over', async () => {
    const [head] = [await under.origin.head()]
    await bare('update-ref', `refs/heads/${branchOf('dev')}`, head)
    await release('1.0.1')
    expect(await bare('rev-parse', branchOf('dev'))).toBe(head)
    expect([await waits(), await alerts(), openPulls()]).toEqual([1, ['push-refused'], []])
    await bare('update-ref', '-d', `refs/heads/${branchOf('dev')}`)
    await look()
    expect([await alerts(), openPulls().length]).toEqual([[], 1])
  })
})
