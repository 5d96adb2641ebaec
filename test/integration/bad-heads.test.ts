import { rename } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createOrigin, type Change } from '#test/fixtures/git-origin.ts'
import { startGitHost } from '#test/fixtures/git-http-server.ts'
import { chartFiles, configMapText, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let worker: WorkerInTest

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const podinfo = 'releases/dev/podinfo.yaml'
const settings = (index: number) => `releases/dev/settings-${index}.yaml`
const setting = (index: number): Change => ({ text: configMapText(`settings-${index}`) })
const anyChange = (text: string) => ({ 'README.md': { text } })

/** Twenty ConfigMaps and a release, where whatever leaves Git is deleted without asking. */
const seed: Record<string, Change> = {
  ...chartFiles,
  'wheelhouse.yaml': { text: 'deletion: on\n' },
  [podinfo]: { text: releaseText() },
  ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [settings(index), setting(index)])),
}

beforeEach(async () => {
  worker = await startWorkerInTest(await database.fresh())
  await worker.origin.push({ 'README.md': { text: 'first\n' } })
  await worker.origin.push(seed)
  await worker.fetch()
  return () => worker.close()
})

/** `state object: guard`, of everything that was ever asked or decided. */
async function deletions(): Promise<string[]> {
  const all = await worker.store.listDeletions(['waiting', 'consented', 'done', 'cancelled', 'kept'])
  return all.map(({ state, object, guard }) => `${state} ${object}${guard ? `: ${guard}` : ''}`).sort()
}

const problems = async () =>
  (await worker.store.latestSnapshot(worker.deps.settings.repository))?.problems.map(({ code }) => code)

const goneBefore = 'It was gone already before this commit.'

describe('what a commit removes', () => {
  it('is deleted where deletion is on', async () => {
    expect(worker.cluster.applied).toHaveLength(21)
    await worker.origin.push({ [settings(1)]: { removed: true } })
    await worker.fetch()
    expect(worker.cluster.deleted).toEqual(['dev:configmap/settings-1'])
    expect(await deletions()).toEqual(['done dev:configmap/settings-1'])
  })

  it('while the worker was away, too', async () => {
    await worker.origin.push({ [settings(1)]: { removed: true } })
    await worker.restart()
    await worker.fetch()
    expect(worker.cluster.deleted).toEqual(['dev:configmap/settings-1'])
  })

  it('is asked about where it is much', async () => {
    const many = Array.from({ length: 6 }, (_, index) => [settings(index), { removed: true }] as const)
    await worker.origin.push(Object.fromEntries(many))
    await worker.fetch()
    expect(worker.cluster.deleted).toEqual([])
    expect((await deletions()).map((line) => line.split(' ')[0])).toEqual(Array(6).fill('waiting'))
  })

  it('does not go with a file that moved, not even when that file breaks', async () => {
    const moved = 'releases/dev/moved.yaml'
    await worker.origin.push({ [settings(1)]: { removed: true }, [moved]: setting(1) })
    await worker.fetch()
    await worker.origin.push({ [moved]: { text: 'broken: [' } })
    await worker.fetch()
    await worker.origin.push(anyChange('after\n'))
    await worker.fetch()
    expect(await deletions()).toEqual([])
  })
})

describe('a branch that was force-pushed', () => {
  const lose = () => worker.origin.forcePush(1, { ...seed, [settings(1)]: { removed: true } })

  it.each([
    ['while the worker looked', async () => {}],
    ['while the worker was away', () => worker.restart()],
  ])('deletes nothing: %s', async (_label, before) => {
    await before()
    await lose()
    await worker.fetch()
    expect(await deletions()).toEqual([])
    expect(await problems()).toEqual(['branch-forced'])
  })

  it('deletes nothing after a restart, and still says so', async () => {
    await lose()
    await worker.fetch()
    await worker.restart()
    await worker.fetch()
    expect(await deletions()).toEqual([])
    expect(await problems()).toEqual(['branch-forced'])
  })

  it.each([
    ['the next commit', async () => {}],
    ['the next commit after a restart', () => worker.restart()],
  ])('is asked about with %s, also where deletion is on', async (_label, before) => {
    await lose()
    await worker.fetch()
    await before()
    await worker.origin.push({ ...anyChange('on top\n'), [settings(2)]: { removed: true } })
    await worker.fetch()
    expect(worker.cluster.deleted).toEqual(['dev:configmap/settings-2'])
    expect(await deletions()).toEqual([
      'done dev:configmap/settings-2',
      `waiting dev:configmap/settings-1: ${goneBefore}`,
    ])
    expect(await problems()).toEqual([])
  })

  it('asks no more once the document is back', async () => {
    await lose()
    await worker.fetch()
    await worker.origin.push(anyChange('on top\n'))
    await worker.fetch()
    await worker.origin.push({ [settings(1)]: setting(1) })
    await worker.fetch()
    expect(await deletions()).toEqual([`cancelled dev:configmap/settings-1: ${goneBefore}`])
  })
})

describe('a branch without documents', () => {
  const empty = async () => {
    await worker.origin.git(['rm', '-r', '--quiet', '.'])
    await worker.origin.push({})
    await worker.fetch()
  }

  it('deletes nothing and leaves the release running', async () => {
    worker.helm.calls.length = 0
    await empty()
    expect(await deletions()).toEqual([])
    expect(worker.helm.calls).toEqual([])
    expect(worker.release('podinfo-dev')).toMatchObject({
      phase: 'deployed',
      reason: 'No longer in Git; left running.',
    })
    expect(await problems()).toEqual(['tree-empty'])
  })

  it('deletes nothing after a restart', async () => {
    await empty()
    await worker.restart()
    await worker.fetch()
    expect(await deletions()).toEqual([])
    expect(await problems()).toEqual(['tree-empty'])
  })

  it('asks about everything with the next commit', async () => {
    await empty()
    await worker.origin.push(anyChange('still empty\n'))
    await worker.fetch()
    expect((await deletions()).map((line) => line.split(' ')[0])).toEqual(Array(21).fill('waiting'))
    expect(worker.cluster.deleted).toEqual([])
  })

  it('is taken up again with the documents', async () => {
    await empty()
    worker.cluster.applied.length = 0
    await worker.origin.push(seed)
    await worker.fetch()
    expect(worker.cluster.applied).toEqual([])
    expect(worker.helm.calls).toEqual(['install podinfo-dev'])
    expect(worker.release('podinfo-dev')).toMatchObject({ desired: true, phase: 'deployed' })
  })
})

describe('another head altogether', () => {
  it('a changed URL deletes nothing and asks about nothing, nor does its next commit', async () => {
    const other = await createOrigin()
    await other.push({ ...seed, [settings(1)]: { removed: true } })
    await worker.restart({ url: other.bare })
    await worker.fetch()
    expect(await deletions()).toEqual([])
    await other.push(anyChange('second\n'))
    await worker.fetch()
    expect(await deletions()).toEqual([])
    await other.push({ [settings(2)]: { removed: true } })
    await worker.fetch()
    expect(await deletions()).toEqual(['done dev:configmap/settings-2'])
    await other.remove()
  })

  it('a changed branch deletes nothing', async () => {
    await worker.origin.git(['checkout', '--quiet', '-b', 'feature'])
    await worker.origin.git(['rm', '--quiet', settings(1)])
    await worker.origin.git(['commit', '--quiet', '-m', 'Less'])
    await worker.origin.git(['push', '--quiet', 'origin', 'HEAD:refs/heads/feature'])
    await worker.restart({ branch: 'feature' })
    await worker.fetch()
    expect(await deletions()).toEqual([])
  })
})

describe('a repository that cannot be reached', () => {
  const alerts = async () =>
    (await worker.store.listAlerts({ open: true, limit: 10 })).map(({ kind, severity }) => `${kind} ${severity}`)
  const fact = () => worker.store.getFact('repository')

  it.each([
    ['no answer', 503, 'git-unreachable'],
    ['a password is asked for', 401, 'git-refused'],
    ['nothing there', 404, 'git-refused'],
  ])('%s: says so, keeps everything, and goes on when it is back', async (_label, status, code) => {
    const host = await startGitHost(worker.origin.directory)
    await worker.restart({ url: `${host.url}/config.git` })
    await worker.fetch()
    host.fault = { kind: 'status', status }
    await expect(worker.fetch()).rejects.toMatchObject({ code })
    expect(await fact()).toMatchObject({ state: 'unreachable', reason: expect.any(String) })
    expect(await alerts()).toEqual(['git-unreachable critical'])
    expect(await deletions()).toEqual([])

    host.fault = undefined
    await worker.origin.push({ [podinfo]: { text: releaseText({ values: ['replicaCount: 2'] }) } })
    await worker.fetch()
    expect(await fact()).toMatchObject({ state: 'ready', head: await worker.origin.head() })
    expect(await alerts()).toEqual([])
    expect(worker.helm.calls).toEqual(['install podinfo-dev', 'upgrade podinfo-dev'])
    await host.close()
  })

  it('a branch that is gone: says so, deletes nothing', async () => {
    await worker.origin.git(['-C', worker.origin.bare, 'update-ref', '-d', 'refs/heads/main'])
    await expect(worker.fetch()).rejects.toMatchObject({ code: 'git-unreachable', retryable: true })
    expect(await alerts()).toEqual(['git-unreachable critical'])
    expect(await deletions()).toEqual([])
    await worker.restart()
    await expect(worker.fetch()).rejects.toMatchObject({ code: 'git-unreachable' })
    expect(await deletions()).toEqual([])
  })

  it('a directory that is gone: works from the mirror', async () => {
    await rename(worker.origin.bare, `${worker.origin.bare}.away`)
    await expect(worker.fetch()).rejects.toMatchObject({ code: 'git-unreachable' })
    worker.deps.wakeups.wake('release', worker.release('podinfo-dev').id)
    await worker.settle()
    expect(worker.release('podinfo-dev')).toMatchObject({ phase: 'deployed' })
    await rename(`${worker.origin.bare}.away`, worker.origin.bare)
    await worker.fetch()
    expect(await alerts()).toEqual([])
  })
})

describe('settings of the repository that are wrong', () => {
  it.each([
    ['invalid YAML', { text: 'deletion: [' }, 'yaml-invalid'],
    ['an unknown key', { text: 'deletions: on\n' }, 'config-invalid'],
    ['no text', { text: Buffer.from([0]) }, 'file-not-text'],
  ])('%s: what they said before stays in force, also after a restart', async (_label, change, code) => {
    const { config } = worker.deps.memory
    await worker.origin.push({ 'wheelhouse.yaml': change })
    await worker.fetch()
    expect(await problems()).toEqual([code])
    expect(worker.deps.memory.config).toEqual(config)
    await worker.restart()
    await worker.origin.push({ [settings(1)]: { removed: true } })
    await worker.fetch()
    expect(await deletions()).toEqual(['done dev:configmap/settings-1'])
  })
})
