import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tellHost } from '#lib/operations/work/tell-host.ts'
import type { OperationRecord } from '#lib/ports/store/index.ts'
import { startGitHubRepository, type GitHubRepositoryInTest } from '#test/fixtures/github-repository.ts'
import { chartFiles, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let under: GitHubRepositoryInTest
let worker: WorkerInTest

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const file = (name = 'podinfo-dev') => `releases/dev/${name}.yaml`
const document = (replicas: number, name = 'podinfo-dev') => ({
  [file(name)]: { text: releaseText({ name, values: [`replicaCount: ${replicas}`] }) },
})
const createDeployment = 'POST /repos/{owner}/{repo}/deployments'
const createState = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses'

/** The release is deployed, and nothing of that is news for GitHub, which is told of whatever comes from here on. */
beforeEach(async () => {
  under = await startGitHubRepository('token')
  worker = await startWorkerInTest(await database.fresh(), under)
  worker.deps.gitHost = under.host()
  await under.origin.push({ ...chartFiles, ...document(1) })
  await worker.fetch()
  worker.clock.time += 1_000
  await told()
  return async () => {
    await worker.close()
    await under.server.stop()
  }
})

/** Tells all there is to tell, whatever time that takes. Returns how many calls it took. */
async function told(): Promise<number> {
  const before = under.server.operations.length
  let again = await tellHost(worker.deps)
  for (let looks = 0; again !== undefined && looks < 100; looks += 1) {
    worker.clock.time = Math.max(again, worker.clock.time + 1_000)
    again = await tellHost(worker.deps)
  }
  expect(again).toBeUndefined()
  return under.server.operations.slice(before).filter((name) => !name.startsWith('GET')).length
}

const commitOf = (sha: string) => sha.slice(0, 7)
const deployments = () =>
  under.server.github.deployments.map(({ sha, environment, statuses }) =>
    [commitOf(sha), environment, ...statuses.map(({ state }) => state)].join(' '),
  )
const statuses = () =>
  under.server.github.statuses.map(({ sha, context, state, description }) =>
    [commitOf(sha), context, state, description].join(' '),
  )
const alerts = async () => (await worker.store.listAlerts({ open: true, limit: 9 })).map(({ kind }) => kind)

async function push(replicas: number): Promise<string> {
  const commit = await under.origin.push(document(replicas))
  await worker.fetch()
  return commitOf(commit)
}

let ids = 0
/** An operation that helm is carrying out. */
async function begin(commit: string, more: Partial<OperationRecord> = {}): Promise<string> {
  const id = `op-test-${(ids += 1)}`
  worker.clock.time += 1_000
  await worker.store.createOperation({
    id,
    kind: 'image',
    release: worker.release('podinfo-dev').id,
    actor: 'automation',
    cause: { kind: 'recovery', detail: 'test' },
    reason: 'dev-2 is the newest tag',
    state: 'running',
    commit,
    createdAt: worker.clock.time,
    ...more,
  })
  return id
}

async function end(id: string, state: 'succeeded' | 'failed' | 'superseded', revision?: number) {
  worker.clock.time += 1_000
  await worker.store.updateOperation(id, { state, revision, endedAt: worker.clock.time })
}

describe('GitHub is told', () => {
  it('of a push that is deployed: a deployment that takes the place of the one before, and a status', async () => {
    const first = await push(2)
    expect(await told()).toBe(3)
    const second = await push(3)
    expect(await told()).toBe(4)
    expect(deployments()).toEqual([`${first} dev success inactive`, `${second} dev success`])
    expect(statuses()).toEqual([
      `${first} wheelhouse/dev success 1 release deployed to dev.`,
      `${second} wheelhouse/dev success 1 release deployed to dev.`,
    ])
    const [deployment] = under.server.github.deployments
    expect(deployment?.description).toMatch(/^podinfo-dev: .*\.$/)
    const id = encodeURIComponent(worker.release('podinfo-dev').id)
    expect(deployment?.statuses[0]).toMatchObject({
      description: 'podinfo-dev is deployed as revision 2.',
      logUrl: `https://wheelhouse.example.test/releases/${id}`,
    })
    expect(await told()).toBe(0)
  })

  it('while it lasts, and how it ends', async () => {
    const head = await under.origin.head()
    for (const [state, revision] of [['failed'], ['succeeded', 7], ['superseded']] as const) {
      const id = await begin(head)
      await told()
      await end(id, state, revision)
      await told()
    }
    const commit = commitOf(head)
    expect(deployments()).toEqual([
      `${commit} dev in_progress failure`,
      `${commit} dev in_progress success`,
      `${commit} dev in_progress inactive`,
    ])
    expect(statuses().map((line) => line.split(' ')[2])).toEqual(['pending', 'failure', 'success', 'error'])
  })

  it('of a release that is removed', async () => {
    await push(2)
    await told()
    await end(await begin(await under.origin.head(), { kind: 'deletion' }), 'succeeded')
    await told()
    expect(deployments()).toEqual([expect.stringContaining('dev success inactive')])
  })

  it('not of what never reaches the cluster', async () => {
    const head = await under.origin.head()
    await begin(head, { kind: 'policy', state: 'succeeded' })
    await begin(head, { state: 'committed' })
    await begin(head, { state: 'superseded' })
    await begin(head, { commit: undefined })
    expect(await told()).toBe(0)
  })

  it('once for all releases of a commit how it stands, and of each release one thing after the other', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `app-${index}`)
    const files = Object.assign({}, ...names.map((name) => document(2, name))) as ReturnType<typeof document>
    const commit = commitOf(await under.origin.push(files))
    await worker.fetch()
    expect(await told()).toBe(1 + 2 * names.length)
    expect(statuses()).toEqual([`${commit} wheelhouse/dev success 12 releases deployed to dev.`])
    expect(deployments()).toEqual(names.map(() => `${commit} dev success`))
    expect(new Set(under.server.github.deployments.map(({ description }) => description?.split(':')[0])).size).toBe(12)
  })

  it('no secret of a release, whatever reason names it', async () => {
    worker.deps.memory.secrets.add('x', ['canary-5f3d9c'])
    const id = await begin(await under.origin.head(), { reason: 'Because of canary-5f3d9c' })
    await told()
    await end(id, 'failed')
    await told()
    expect(under.server.github.deployments[0]?.description).toContain('podinfo-dev: Because of')
    const all = JSON.stringify([under.server.github.deployments, under.server.github.statuses])
    expect(all).not.toContain('canary')
  })
})

describe('over faults', () => {
  it('a restart repeats nothing', async () => {
    const commit = await push(2)
    await told()
    for (let start = 0; start < 2; start += 1) {
      await worker.restart()
      worker.deps.gitHost = under.host()
      expect(await told()).toBe(0)
    }
    expect(deployments()).toEqual([`${commit} dev success`])
  })

  it('an answer that got lost leads to no second deployment', async () => {
    const commit = await push(2)
    under.server.github.faults.plan({ kind: 'lost-answer' }, { operation: createDeployment })
    await told()
    expect(deployments()).toEqual([`${commit} dev success`])
    await worker.store.chainAudit()
    const { items } = await worker.store.listAudit({ kind: 'deployment' })
    expect(items.map(({ kind }) => kind)).toEqual(['deployment.done', 'deployment.intent'])
    expect(await worker.store.openIntents()).toEqual([])
  })

  it('nothing is sent while GitHub asks to wait, over whatever happens meanwhile', async () => {
    await push(2)
    const limit = { kind: 'secondary-limit', status: 429, retryAfterSeconds: 60 } as const
    under.server.github.faults.plan(limit)
    const until = await tellHost(worker.deps)
    expect(until).toBe(worker.clock.time + 60_000)
    const asked = under.server.operations.length
    await push(3)
    expect(await tellHost(worker.deps)).toBe(until)
    expect(under.server.operations.slice(asked).filter((name) => name === createDeployment)).toEqual([])
  })

  it('a GitHub that is away is asked ever more rarely, and told afterwards', async () => {
    const commit = await push(2)
    under.server.github.faults.plan({ kind: 'error', status: 502 }, { times: 3 })
    const waits: number[] = []
    for (let look = 0; look < 3; look += 1) {
      const until = (await tellHost(worker.deps)) ?? 0
      waits.push(until - worker.clock.time)
      worker.clock.time = until
    }
    expect(waits).toEqual([10_000, 20_000, 40_000])
    await told()
    expect(deployments()).toEqual([`${commit} dev success`])
  })

  it('what GitHub refuses holds up nothing else, and is an incident once it is no matter of one', async () => {
    under.server.github.faults.plan({ kind: 'error', status: 403 }, { operation: createDeployment, times: 3 })
    for (const replicas of [2, 3]) {
      await push(replicas)
      await told()
    }
    expect(await alerts()).toEqual([])
    await push(4)
    await told()
    expect(await alerts()).toEqual(['host-refuses'])
    expect([deployments(), statuses().length]).toEqual([[], 3])
    const last = await push(5)
    await told()
    expect(deployments()).toEqual([`${last} dev success`])
    expect(await alerts()).toEqual([])
  })

  it('a state that is refused leaves the deployment as it is', async () => {
    const commit = await push(2)
    under.server.github.faults.plan({ kind: 'error', status: 422 }, { operation: createState })
    await told()
    expect(deployments()).toEqual([`${commit} dev`])
    expect(await told()).toBe(0)
  })
})
