import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pushImage } from '#demo/world/push-image.ts'
import type { Caller } from '#lib/operations/read/caller.ts'
import { listReleaseImages } from '#lib/operations/read/list-release-images.ts'
import { automateRelease } from '#lib/operations/work/automate-release.ts'
import { writeCommits } from '#lib/operations/work/write-commits.ts'
import { startRegistryServer, type RegistryServer } from '#test/fakes/registry-server.ts'
import { chartFiles, configMapText, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let worker: WorkerInTest
let registry: RegistryServer

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const dev = 'releases/dev/podinfo.yaml'
const other = 'releases/dev/settings.yaml'
const app = () => `${registry.host}/app`
const side = () => `${registry.host}/side`
const pushTag = (repository: string, tag: string) => pushImage({ registry: registry.host, repository, tag })
const annotations = ['chart-image', 'side'].map((name) => `fluxcd.io/tag.${name}: semver:~1`)

function document(values: string[], more: string[] = []) {
  const all = ['fluxcd.io/automated: "true"', ...annotations, ...more]
  return { [dev]: { text: releaseText({ annotations: all, values }) } }
}
const plain = (tag: string) => document([`image: ${app()}:${tag}`, 'side:', `  image: ${side()}:1.0.0`])

/** Both images stand at 1.0.0, and nothing is newer. */
beforeEach(async () => {
  registry = await startRegistryServer()
  worker = await startWorkerInTest(await database.fresh())
  await Promise.all([pushTag('app', '1.0.0'), pushTag('side', '1.0.0')])
  return () => Promise.all([worker.close(), registry.close()])
})

async function start(changes: Parameters<WorkerInTest['origin']['push']>[0]) {
  await worker.origin.push({ ...chartFiles, ...changes })
  await worker.fetch()
  await scan()
}

const scan = async () => {
  worker.clock.time += 1_000
  await worker.scan(app())
  await worker.scan(side())
}
const release = () => worker.release('podinfo-dev')
const fileAtHead = () => worker.origin.git(['-C', worker.origin.bare, 'show', `main:${dev}`])
const operations = async () =>
  (await worker.store.listOperations({ limit: 50 })).filter(({ cause }) => cause.kind === 'tag').reverse()
const states = async () => (await operations()).map(({ state }) => state)
const alerts = async () => (await worker.store.listAlerts({ open: true, limit: 9 })).map(({ kind }) => kind)
const decisions = async (container: string) =>
  (await worker.store.listDecisions(release().id, 50)).filter((decision) => decision.container === container)

/** Keeps the writer from being woken until the returned function is called. */
function holdWriter(): () => Promise<void> {
  const { wakeups } = worker.deps
  const { wake } = wakeups
  wakeups.wake = (topic, key) => (topic === 'write' ? undefined : wake(topic, key))
  return async () => {
    wakeups.wake = wake
    wake('write')
    await worker.settle()
  }
}

describe('an image that its document does not let be written', () => {
  const anchored = (tag: string) => [
    `version: &v ${tag}`,
    `image: ${app()}`,
    'tag: *v',
    'side:',
    `  image: ${side()}:1.0.0`,
  ]

  beforeEach(async () => {
    await start(document(anchored('1.0.0')))
    await Promise.all([pushTag('app', '1.0.1'), pushTag('side', '1.0.1')])
    await scan()
  })

  it('keeps none of the others of its release from being written', async () => {
    expect(await fileAtHead()).toContain(`image: ${side()}:1.0.1`)
    expect(await fileAtHead()).toContain('&v 1.0.0')
    expect((await states()).filter((state) => state === 'succeeded')).toHaveLength(1)
  })

  it('is told on the release, in the decisions and as one incident', async () => {
    expect(release().images.map(({ container, problem }) => [container, problem?.code])).toEqual([
      ['chart-image', 'edit-shared'],
      ['side', undefined],
    ])
    expect((await decisions('chart-image'))[0]).toMatchObject({
      kind: 'blocked',
      reason: expect.stringContaining('alias'),
    })
    expect(await alerts()).toEqual(['policy-broken'])
  })

  it('is not asked for again: not by scans, a restart, commits elsewhere or to the others', async () => {
    const before = (await operations()).length
    await scan()
    await worker.restart()
    await worker.origin.pull()
    await worker.origin.push({ [other]: { text: configMapText('settings') } })
    await worker.fetch()
    await scan()
    expect((await operations()).length).toBe(before)
    await pushTag('side', '1.0.2')
    await scan()
    await scan()
    expect(await fileAtHead()).toContain(`image: ${side()}:1.0.2`)
    expect((await operations()).length).toBe(before + 1)
    expect(await alerts()).toEqual(['policy-broken'])
  })

  it('is asked for once more for another tag, and written when the document lets it', async () => {
    const before = (await operations()).length
    await pushTag('app', '1.0.2')
    await scan()
    await scan()
    expect((await states()).slice(before)).toEqual(['refused'])
    await worker.origin.pull()
    await worker.origin.push(plain('1.0.0'))
    await worker.fetch()
    expect(await fileAtHead()).toContain(`image: ${app()}:1.0.2`)
    expect(release().images.map(({ problem }) => problem)).toEqual([undefined, undefined])
    expect(await alerts()).toEqual([])
  })
})

describe('an image that is only written otherwise', () => {
  it('is asked for again, though the document says the same', async () => {
    const values = (tag: string) => [
      'version: &v 1.0.0',
      `image: ${app()}`,
      `tag: ${tag}`,
      'side:',
      `  image: ${side()}:1.0.0`,
    ]
    await start(document(values('*v')))
    await pushTag('app', '1.0.1')
    await scan()
    expect(await states()).toEqual(['refused'])
    await worker.origin.push(document(values('1.0.0')))
    await worker.fetch()
    expect(await fileAtHead()).toContain('tag: 1.0.1')
  })
})

describe('decisions that wait', () => {
  beforeEach(() => start(plain('1.0.0')))

  it('give way to newer ones: one commit with the newest', async () => {
    const release = holdWriter()
    for (const tag of ['1.0.1', '1.0.2', '1.0.3']) {
      await pushTag('app', tag)
      await scan()
    }
    const before = await worker.origin.head()
    await release()
    const made = await worker.origin.git(['-C', worker.origin.bare, 'log', '--format=%s', `${before}..main`])
    expect(made.split('\n')).toEqual([`Auto-release ${app()}:1.0.3`])
    expect(await states()).toEqual(['superseded', 'superseded', 'succeeded'])
  })

  it('are made anew where the branch said something else, though the snapshot shows it already', async () => {
    const release = holdWriter()
    await pushTag('app', '1.0.2')
    await scan()
    await worker.origin.push(plain('1.0.1'))
    await worker.fetch()
    await release()
    expect(await fileAtHead()).toContain(`image: ${app()}:1.0.2`)
    expect(await states()).toEqual(['superseded', 'succeeded'])
  })

  it('are not made on what the branch is known to say no more', async () => {
    await pushTag('app', '1.0.2')
    await worker.origin.push(plain('1.0.2'))
    await worker.deps.git.fetch()
    await worker.scan(app())
    expect(await operations()).toEqual([])
    expect(worker.deps.memory.snapshot?.commit).toBe(await worker.origin.head())
  })

  it('are logged once, with the operation that was begun', async () => {
    const write = holdWriter()
    await pushTag('app', '1.0.1')
    await scan()
    for (let pass = 0; pass < 3; pass += 1) await automateRelease(worker.deps, release())
    const [operation] = await operations()
    const moves = (await decisions('chart-image')).filter(({ kind }) => kind === 'move')
    expect(moves.map((move) => move.operation)).toEqual([operation?.id])
    await write()
    const logged = (await decisions('chart-image')).slice(0, 3)
    expect(logged.map(({ kind }) => kind)).toEqual(['stay', 'move', 'stay'])
  })
})

describe('a branch that takes no push', () => {
  const hook = () => join(worker.origin.bare, 'hooks', 'pre-receive')
  const tries = async () => (await readFile(join(worker.origin.directory, 'tries'), 'utf8').catch(() => '')).length
  const protect = async () => {
    const note = `printf x >> ${join(worker.origin.directory, 'tries')}`
    await writeFile(hook(), `#!/bin/sh\n${note}\necho "Protected branch." >&2\nexit 1\n`)
    await chmod(hook(), 0o755)
  }
  const waits = async () => (await worker.store.pendingWrites()).length

  beforeEach(async () => {
    await start(plain('1.0.0'))
    await protect()
    await pushTag('app', '1.0.1')
    await scan()
  })

  it('keeps what was decided, says why it waits, and is one incident', async () => {
    expect(await waits()).toBe(1)
    expect(await states()).toEqual(['decided'])
    expect(await alerts()).toEqual(['push-refused'])
    await pushTag('app', '1.0.2')
    await scan()
    expect([await tries(), await waits()]).toEqual([1, 2])
    await worker.store.chainAudit()
    const { items } = await worker.store.listAudit({ kind: 'commit.waiting' })
    expect(items.map(({ reason }) => reason)).toEqual([expect.stringContaining('Protected branch.')])
  })

  it('is tried again after 10 s, 20 s … 5 min', async () => {
    const delays: number[] = []
    for (let round = 0; round < 7; round += 1) {
      const held = await writeCommits(worker.deps)
      if (held.kind !== 'held-back') throw new Error(held.kind)
      delays.push((held.until - worker.clock.time) / 1000)
      worker.clock.time = held.until
      await writeCommits(worker.deps)
    }
    expect(delays).toEqual([10, 20, 40, 80, 160, 300, 300])
    expect(await tries()).toBe(8)
  })

  it('is tried again when its head moves, and all is well with the first commit', async () => {
    await rm(hook())
    await worker.origin.push({ [other]: { text: configMapText('settings') } })
    await worker.fetch()
    expect(await fileAtHead()).toContain(`image: ${app()}:1.0.1`)
    expect(await states()).toEqual(['succeeded'])
    expect([await waits(), await alerts()]).toEqual([0, []])
  })

  it('loses nothing with a worker', async () => {
    await worker.restart()
    await worker.fetch()
    expect(await alerts()).toEqual(['push-refused'])
    await rm(hook())
    worker.clock.time += 10_000
    worker.deps.wakeups.wake('write')
    await worker.settle()
    expect(await states()).toEqual(['succeeded'])
    expect(await alerts()).toEqual([])
  })

  it('is no incident once nothing waits for it', async () => {
    await rm(hook())
    await worker.origin.push(plain('1.0.1'))
    await worker.fetch()
    expect(await states()).toEqual(['superseded'])
    expect(await alerts()).toEqual([])
  })
})

describe('the images of a release', () => {
  const admin: Caller = { id: 'p1', email: 'ann@example.test', name: 'Ann', via: 'token', roles: { '*': 'admin' } }

  it('are judged on their page as the automation judges them', async () => {
    const deep = ['deep:', '  down:', `    image: ${side()}:1.0.0`]
    await start(
      document(
        [`image: ${app()}:1.0.0`, 'side:', `  image: ${side()}:1.0.0`, ...deep],
        ['wheelhouse.dev/refuse.chart-image: 1.0.1'],
      ),
    )
    await Promise.all([pushTag('app', '1.0.1'), pushTag('side', '1.0.1')])
    await worker.scan(app())
    const { containers } = await listReleaseImages(worker.deps, admin, release().id, {})
    const shown = containers.map(({ container, decision, tags }) => [
      container,
      decision.kind,
      tags.items.map(({ name, verdict }) => `${name} ${verdict}`).sort(),
    ])
    expect(shown).toEqual([
      ['chart-image', 'stay', ['1.0.0 current', '1.0.1 refused']],
      ['deep.down', 'blocked', ['1.0.0 current']],
      ['side', 'stay', ['1.0.0 current']],
    ])
    for (const { container, decision } of containers)
      expect((await decisions(container))[0]).toMatchObject({ kind: decision.kind })
  })
})
