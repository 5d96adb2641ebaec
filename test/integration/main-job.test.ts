import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { createCluster, type ClosableCluster } from '#lib/adapters/kubernetes/index.ts'
import { listAudit } from '#lib/api/audit.ts'
import { decideDeletion, listDeletions } from '#lib/api/deletions.ts'
import { lockRelease, unlockRelease } from '#lib/api/release-commands.ts'
import { listReleaseImages, listReleases, listRevisions } from '#lib/api/releases.ts'
import { deployedAbove, startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'
import { silentLog } from '#test/fixtures/test-database.ts'

let product: RunningProduct

beforeAll(async () => {
  product = await startRunningProduct()
}, 900_000)
afterAll(() => product?.stop(), 60_000)

const revisionOf = async (name: string, namespace: string) =>
  (await product.history(name, namespace)).at(-1)?.revision ?? 0

async function releaseNamed(name: string) {
  const { items } = await product.call(listReleases, { query: {} })
  const found = items.find((release) => release.name === name)
  if (!found) throw new Error(`the API lists no release ${name}`)
  return found
}

/** The verdict the Images tab shows for one tag, once the scan has seen it. */
function verdictOf(name: string, tag: string) {
  return waitUntil(
    `a verdict on ${tag}`,
    async () => {
      const { id } = await releaseNamed(name)
      const images = await product.call(listReleaseImages, { params: { id }, query: {} })
      return images.containers.flatMap((container) => container.tags.items).find((entry) => entry.name === tag)
    },
    { timeoutMs: 30_000 },
  )
}

describe('an image is pushed', () => {
  it('becomes one commit with one changed line and one deployed revision that names it', async () => {
    const [before, revision] = [await product.git.head(), await revisionOf('podinfo-dev', 'dev')]
    const tag = await product.pushImage('podinfo', 'dev-aaaa0001')
    const deployed = await deployedAbove(product, 'podinfo-dev', 'dev', revision)
    const head = await product.git.head()
    const commits = await product.git.commits(before, head)
    expect(commits).toHaveLength(1)
    expect(await product.git.addedLines(head)).toEqual([expect.stringContaining(`podinfo:${tag}`)])
    expect(deployed.description).toContain(head.slice(0, 12))
    expect(await product.helm('get', 'manifest', 'podinfo-dev', '-n', 'dev')).toContain(`podinfo:${tag}`)
  })

  it('stands in the history as helm tells it, each revision with its own image', async () => {
    const { id } = await releaseNamed('podinfo-dev')
    const told = (await product.history('podinfo-dev', 'dev')).map(({ revision, status }) => `${revision} ${status}`)
    const items = await waitUntil('the history is up to date', async () => {
      const { items: seen } = await product.call(listRevisions, { params: { id }, query: {} })
      const words = seen.map(({ revision, status }) => `${revision} ${status}`).reverse()
      return words.join() === told.join() ? seen : undefined
    })
    expect(items.map(({ images }) => images[0]?.image.split(':').at(-1))).toEqual(['dev-aaaa0001', 'dev-kb9lm91e'])
    expect(items.map(({ actor }) => actor)).toEqual(['automation', 'git: Demo'])
  })

  it('leaves tag, decision, commit and upgrade in the audit trail under one operation', async () => {
    const message = await product.git.message(await product.git.head())
    const operation = /^Wheelhouse-Op: (\S+)$/m.exec(message)?.[1]
    const kinds = await waitUntil('the trail is complete', async () => {
      const { items } = await product.call(listAudit, { query: { operation } })
      const seen = items.map((entry) => entry.kind).reverse()
      return seen.includes('upgrade.done') ? seen : undefined
    })
    expect(kinds).toEqual([
      'tag.seen',
      'decision.made',
      'commit.intent',
      'commit.done',
      'upgrade.intent',
      'upgrade.done',
    ])
  })

  it('moves prod alone by a release version, and says why other versions do nothing', async () => {
    const [dev, stg, prod] = [
      await revisionOf('podinfo-dev', 'dev'),
      await revisionOf('podinfo-rc', 'stg'),
      await revisionOf('podinfo-prod', 'prod'),
    ]
    await product.pushImage('podinfo', '0.4.11')
    await deployedAbove(product, 'podinfo-prod', 'prod', prod)
    const head = await product.git.head()
    await product.pushImage('podinfo', '0.5.0')
    await product.pushImage('podinfo', '0.4.12-rc.1')
    expect(await verdictOf('podinfo-prod', '0.5.0')).toMatchObject({ verdict: 'not-matched' })
    expect(await verdictOf('podinfo-prod', '0.4.12-rc.1')).toMatchObject({ verdict: 'not-matched' })
    expect(await product.git.head()).toBe(head)
    expect([await revisionOf('podinfo-dev', 'dev'), await revisionOf('podinfo-rc', 'stg')]).toEqual([dev, stg])
  })

  it('brings three images of one release in one commit, three lines and one upgrade', async () => {
    const [before, revision] = [await product.git.head(), await revisionOf('openfaas', 'openfaas')]
    const setTags = await Promise.all([
      product.stageImage('prom/prometheus', 'v2.3.9'),
      product.stageImage('prom/alertmanager', 'v0.15.9'),
      product.stageImage('nats-streaming', '0.6.9'),
    ])
    await Promise.all(setTags.map((setTag) => setTag()))
    const deployed = await deployedAbove(product, 'openfaas', 'openfaas', revision)
    const head = await product.git.head()
    expect(await product.git.commits(before, head)).toHaveLength(1)
    expect(await product.git.addedLines(head)).toHaveLength(3)
    expect(deployed.revision).toBe(revision + 1)
  })
})

describe('the repository changes', () => {
  it('upgrades the three podinfo releases and no other for a new chart version', async () => {
    const names = [
      ['podinfo-dev', 'dev'],
      ['podinfo-rc', 'stg'],
      ['podinfo-prod', 'prod'],
      ['openfaas', 'openfaas'],
    ] as const
    const before = await Promise.all(names.map(([name, namespace]) => revisionOf(name, namespace)))
    const chart = await product.git.read('charts/podinfo/Chart.yaml')
    await product.git.push(
      { 'charts/podinfo/Chart.yaml': chart.replace(/^version: .*$/m, 'version: 0.2.1') },
      'Chart 0.2.1',
    )
    for (const [index, [name, namespace]] of names.slice(0, 3).entries()) {
      const deployed = await deployedAbove(product, name, namespace, before[index] ?? 0)
      expect(deployed.chart).toBe('podinfo-0.2.1')
    }
    expect(await revisionOf('openfaas', 'openfaas')).toBe(before[3])
  })

  it('upgrades none for a changed README', async () => {
    const before = await product.helm('list', '-A', '-o', 'json')
    const commit = await product.git.push({ 'README.md': '# Changed\n' }, 'Say more')
    await waitUntil('the commit was taken up', async () => {
      const { items } = await product.call(listAudit, { query: { commit, kind: 'git' } })
      return items.length > 0
    })
    const revisions = (text: string) =>
      (JSON.parse(text) as { name: string; revision: string }[]).map(({ name, revision }) => `${name} ${revision}`)
    expect(revisions(await product.helm('list', '-A', '-o', 'json'))).toEqual(revisions(before))
  })

  it('keeps a bad file to itself', async () => {
    const revision = await revisionOf('podinfo-dev', 'dev')
    const good = await product.git.read('releases/dev/podinfo.yaml')
    await product.git.push(
      {
        'releases/dev/broken.yaml': 'kind: [\n',
        'releases/dev/podinfo.yaml': good.replace(/replicaCount: \d+/, 'replicaCount: 2'),
      },
      'One good, one bad',
    )
    expect(await deployedAbove(product, 'podinfo-dev', 'dev', revision)).toMatchObject({ status: 'deployed' })
    await product.git.push({ 'releases/dev/broken.yaml': null }, 'Mend')
  })
})

describe('people steer', () => {
  it('a locked release stays, and follows once unlocked', async () => {
    const { id } = await releaseNamed('podinfo-dev')
    const revision = await revisionOf('podinfo-dev', 'dev')
    await product.call(lockRelease, { params: { id }, body: { message: 'demo at noon' } })
    await waitUntil('the lock stands in Git', async () =>
      (await product.git.read('releases/dev/podinfo.yaml')).includes('demo at noon'),
    )
    await product.pushImage('podinfo', 'dev-aaaa0002')
    await verdictOf('podinfo-dev', 'dev-aaaa0002')
    expect(await revisionOf('podinfo-dev', 'dev')).toBe(revision)
    await product.call(unlockRelease, { params: { id }, body: {} })
    await deployedAbove(product, 'podinfo-dev', 'dev', revision)
    expect(await product.git.read('releases/dev/podinfo.yaml')).toContain('podinfo:dev-aaaa0002')
  })

  it('a file removed from Git asks for consent, then the release is uninstalled', async () => {
    const path = 'releases/dev/redis.yaml'
    const { id, releaseName, namespace } = await releaseNamed('redis-dev')
    await product.git.push({ [path]: null }, 'Remove redis')
    const deletion = await waitUntil('the deletion asks', async () => {
      const { items } = await product.call(listDeletions, { query: {} })
      return items.find((entry) => entry.release === id && entry.state === 'waiting')
    })
    expect(await product.helm('list', '-n', namespace, '-q')).toContain(releaseName)
    await product.call(decideDeletion, { params: { id: deletion.id }, body: { decision: 'delete' } })
    await waitUntil(
      'helm no longer lists it',
      async () => !(await product.helm('list', '-n', namespace, '-q')).includes(releaseName),
    )
  })
})

describe('what the cluster loses', () => {
  const definition = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' }
  const release = { apiVersion: 'helm.fluxcd.io/v1', kind: 'HelmRelease' }
  const names = ['helmreleases.helm.fluxcd.io', 'helmreleases.flux.weave.works', 'helmreleases.helm.toolkit.fluxcd.io']
  let cluster: ClosableCluster

  beforeAll(() => {
    const clock = { now: () => Date.now() }
    const kubeconfigPath = product.world.kubeconfig
    cluster = createCluster({ kubeconfigPath, log: silentLog, random: Math.random, clock })
    return () => cluster.close()
  })

  /** Names and uids of the resources; none while their kind is away. */
  async function resources() {
    const found = await cluster.listMetadata(release).catch(() => [])
    return {
      names: found.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort(),
      uids: found.map(({ metadata }) => metadata.uid),
    }
  }

  function killWorker() {
    const worker = product.product.pids?.worker
    if (!worker) throw new Error('the demo names no worker')
    process.kill(worker, 'SIGKILL')
  }

  it.each([
    ['by hand', () => {}],
    ['while the worker is down', killWorker],
  ])('definitions deleted %s come back with their resources, and no release is uninstalled', async (_label, first) => {
    const [before, helm] = [await resources(), await product.helm('list', '-A', '-q')]
    expect(before.names).toContain('dev/podinfo-dev')
    first()
    for (const name of names) await cluster.delete({ ...definition, name })
    await waitUntil('the resources are back', async () => {
      const now = await resources()
      return now.names.join() === before.names.join() && now.uids.every((uid) => !before.uids.includes(uid))
    })
    await waitUntil('the definitions are back', async () => {
      const found = await Promise.all(names.map((name) => cluster.get({ ...definition, name })))
      return found.every((one) => one !== undefined && one.metadata.deletionTimestamp === undefined)
    })
    expect(await product.helm('list', '-A', '-q')).toBe(helm)
  })
})
