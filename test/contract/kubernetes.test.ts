import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld } from '#demo/world/start-world.ts'
import { parse } from 'yaml'
import type { World } from '#demo/world/types.ts'
import type { ClosableCluster } from '#lib/adapters/kubernetes/index.ts'
import { createCluster } from '#lib/adapters/kubernetes/index.ts'
import type { KubeObject } from '#lib/core/manifest/types.ts'
import type { Log } from '#lib/ports/log.ts'

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent }
const configMap = { apiVersion: 'v1', kind: 'ConfigMap' }
const manager = { fieldManager: 'wheelhouse', force: false }

let directory: string
let world: World
let cluster: ClosableCluster

function connect(kubeconfigPath: string): ClosableCluster {
  return createCluster({ kubeconfigPath, log: silent, random: Math.random, clock: { now: () => Date.now() } })
}

function aConfigMap(name: string, data: Record<string, string>): KubeObject {
  return { ...configMap, metadata: { name, namespace: 'default' }, data }
}

interface Kubeconfig {
  clusters: { cluster: Record<string, unknown> }[]
  users: { user: Record<string, unknown> }[]
}

/** A copy of the administrator's kubeconfig with another user or other words about the server. */
async function writeVariant(
  path: string,
  change: (parts: { cluster: Record<string, unknown>; user: Record<string, unknown> }) => void,
) {
  const config = parse(await readFile(world.kubeconfig, 'utf8')) as Kubeconfig
  const [{ cluster: clusterPart } = { cluster: {} }] = config.clusters
  const [{ user } = { user: {} }] = config.users
  change({ cluster: clusterPart, user })
  await writeFile(path, JSON.stringify(config))
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kubernetes-contract-'))
  world = await startWorld({ dataDir: join(directory, 'world'), fsync: false, nodes: 1 })
  cluster = connect(world.kubeconfig)
}, 900_000)

afterAll(async () => {
  cluster?.close()
  await world?.stop()
  await rm(directory, { recursive: true, force: true })
}, 120_000)

describe('objects', () => {
  it('tells its version', async () => {
    expect(await cluster.version()).toMatch(/^v1\.\d+\.\d+/)
  })

  it('applies, reads and deletes an object of any kind', async () => {
    const applied = await cluster.apply(aConfigMap('round-trip', { a: '1' }), manager)
    const ref = { ...configMap, namespace: 'default', name: 'round-trip' }
    expect((await cluster.get(ref))?.['data']).toEqual({ a: '1' })
    expect(applied.metadata.managedFields?.map((entry) => entry.manager)).toEqual(['wheelhouse'])
    expect(await cluster.delete(ref)).toBe(true)
    expect(await cluster.get(ref)).toBeUndefined()
    expect(await cluster.delete(ref)).toBe(false)
  })

  it('takes an object without namespace as one of default, and an object it read before', async () => {
    const read = await cluster.apply({ ...configMap, metadata: { name: 'no-namespace' } }, manager)
    expect(read.metadata.namespace).toBe('default')
    const again = await cluster.apply({ ...read, data: { b: '2' } }, manager)
    expect(again['data']).toEqual({ b: '2' })
  })

  it('leaves nothing behind after a dry run', async () => {
    const answer = await cluster.apply(aConfigMap('dry', { a: '1' }), { ...manager, dryRun: true })
    expect(answer['data']).toEqual({ a: '1' })
    expect(await cluster.get({ ...configMap, namespace: 'default', name: 'dry' })).toBeUndefined()
  })

  it('names the other manager of a field in a conflict, and takes the field by force', async () => {
    await cluster.apply(aConfigMap('contested', { a: '1' }), { fieldManager: 'someone-else', force: false })
    await expect(cluster.apply(aConfigMap('contested', { a: '2' }), manager)).rejects.toMatchObject({
      code: 'conflict',
      retryable: false,
      message: expect.stringContaining('someone-else'),
    })
    const forced = await cluster.apply(aConfigMap('contested', { a: '2' }), { ...manager, force: true })
    expect(forced['data']).toEqual({ a: '2' })
  })

  it('deletes only the very object whose uid was named', async () => {
    const made = await cluster.apply(aConfigMap('bound', {}), manager)
    const ref = { ...configMap, namespace: 'default', name: 'bound' }
    expect(await cluster.delete(ref, { uid: '00000000-0000-0000-0000-000000000000' })).toBe(false)
    expect(await cluster.get(ref)).toBeDefined()
    expect(await cluster.delete(ref, { uid: made.metadata.uid ?? '' })).toBe(true)
  })

  it('reports what the server refuses in its words', async () => {
    const broken = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'broken', namespace: 'default' },
      spec: { ports: [{ port: 99_999 }] },
    }
    await expect(cluster.apply(broken, manager)).rejects.toMatchObject({
      code: 'cluster-refused',
      message: expect.stringContaining('must be between 1 and 65535'),
    })
  })

  it('says which namespace is missing', async () => {
    const object = { ...configMap, metadata: { name: 'a', namespace: 'nowhere' } }
    await expect(cluster.apply(object, manager)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('nowhere'),
    })
  })

  it('does not leave the path it was given', async () => {
    expect(await cluster.get({ ...configMap, namespace: 'default', name: '../secrets' })).toBeUndefined()
  })
})

describe('lists', () => {
  it('reads more than one page, with kinds, by label, and up to a limit', async () => {
    const names = Array.from({ length: 620 }, (_, index) => `page-${String(index).padStart(3, '0')}`)
    await Promise.all(
      names.map((name) =>
        cluster.apply(
          { ...aConfigMap(name, {}), metadata: { name, namespace: 'default', labels: { of: 'pages' } } },
          manager,
        ),
      ),
    )
    const all = await cluster.list(configMap, { namespace: 'default', labelSelector: 'of=pages' })
    expect(all.map((object) => object.metadata.name)).toEqual(names)
    expect(all[0]).toMatchObject(configMap)
    const some = await cluster.list(configMap, { namespace: 'default', labelSelector: 'of=pages', limit: 10 })
    expect(some).toHaveLength(10)
  }, 60_000)

  it('reads metadata only, under the kind asked for', async () => {
    await cluster.apply(aConfigMap('partial', { secret: 'data' }), manager)
    const found = await cluster.listMetadata(configMap, { namespace: 'default' })
    const partial = found.find((object) => object.metadata.name === 'partial')
    expect(partial).toMatchObject(configMap)
    expect(partial?.['data']).toBeUndefined()
  })
})

describe('kinds', () => {
  const widget = { apiVersion: 'contract.example.com/v1', kind: 'Widget' }
  const definition: KubeObject = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.contract.example.com' },
    spec: {
      group: 'contract.example.com',
      names: { kind: 'Widget', plural: 'widgets' },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  }

  it('a watch of a kind that does not exist yet begins when it does; status is patched apart', async () => {
    expect(await cluster.resource(widget.apiVersion, widget.kind)).toBeUndefined()
    await expect(cluster.list(widget)).rejects.toMatchObject({ code: 'cluster-refused', retryable: true })
    const states: string[] = []
    const heard = Promise.withResolvers<KubeObject>()
    const unknown = Promise.withResolvers<void>()
    const watch = cluster.watch({
      ...widget,
      onEvent: (event) => heard.resolve(event.object),
      onState: (state) => {
        states.push(state.kind)
        if (state.kind === 'unknown-kind') unknown.resolve()
      },
    })
    await unknown.promise
    const crds = cluster.watch({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      onEvent: (event) => {
        const conditions = (event.object['status'] as { conditions?: { type: string; status: string }[] } | undefined)
          ?.conditions
        if (conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True'))
          established.resolve()
      },
    })
    const established = Promise.withResolvers<void>()
    await cluster.apply(definition, manager)
    await established.promise
    crds.stop()
    const object = { ...widget, metadata: { name: 'w', namespace: 'default' }, spec: { size: 1 } }
    await expect
      .poll(
        () =>
          cluster.apply(object, manager).then(
            () => 'applied',
            () => 'refused',
          ),
        { timeout: 15_000 },
      )
      .toBe('applied')
    expect((await heard.promise).metadata.name).toBe('w')
    await watch.synced
    expect([...states.slice(0, 2), states.at(-1)]).toEqual(['connecting', 'unknown-kind', 'live'])
    const ref = { ...widget, namespace: 'default', name: 'w' }
    const patched = await cluster.patch(
      ref,
      { status: { phase: 'Done' }, spec: { size: 2 } },
      { subresource: 'status' },
    )
    expect([patched['status'], patched['spec']]).toEqual([{ phase: 'Done' }, { size: 1 }])
    watch.stop()
  }, 60_000)

  it('answers for cluster-wide and namespaced kinds', async () => {
    expect(await cluster.resource('v1', 'Namespace')).toEqual({ plural: 'namespaces', namespaced: false })
    expect(await cluster.resource('apps/v1', 'Deployment')).toEqual({ plural: 'deployments', namespaced: true })
    expect(await cluster.resource('apps/v1', 'Nonsense')).toBeUndefined()
  })
})

describe('rights', () => {
  it('works with a role that only reads, and names the right that is missing', async () => {
    const reader = connect(world.kubeconfigReadOnly)
    expect(await reader.get({ apiVersion: 'v1', kind: 'Namespace', name: 'default' })).toBeDefined()
    expect([await reader.server(), await reader.user()]).toEqual([expect.stringMatching(/^https:\/\/127/), 'read-only'])
    expect(await reader.canI('list', { apiVersion: 'v1', kind: 'Secret' }, 'default')).toBe(true)
    expect(await reader.canI('delete', { apiVersion: 'apps/v1', kind: 'Deployment' }, 'default')).toBe(false)
    await expect(reader.apply(aConfigMap('forbidden', {}), manager)).rejects.toMatchObject({
      code: 'cluster-refused',
      retryable: false,
      message: expect.stringContaining('forbidden'),
    })
    reader.close()
  })
})

describe('kubeconfig', () => {
  it('says what it waits for, and goes on by itself when the file is written', async () => {
    const path = join(directory, 'later.kubeconfig')
    const late = connect(path)
    await expect(late.version()).rejects.toMatchObject({
      code: 'cluster-unreachable',
      retryable: true,
      message: expect.stringContaining('Waiting for the kubeconfig'),
    })
    const broken = Promise.withResolvers<void>()
    const watch = late.watch({
      ...configMap,
      namespace: 'default',
      onEvent() {},
      onState: (state) => void (state.kind === 'broken' && broken.resolve()),
    })
    await broken.promise
    await copyFile(world.kubeconfig, path)
    await watch.synced
    late.close()
  })

  it('reads the file again when it changed', async () => {
    const path = join(directory, 'changing.kubeconfig')
    await writeVariant(path, ({ user }) => Object.assign(user, { token: 'wrong' }))
    const changing = connect(path)
    await expect(changing.version()).rejects.toMatchObject({ code: 'cluster-refused' })
    await copyFile(world.kubeconfig, path)
    expect(await changing.version()).toMatch(/^v1/)
    changing.close()
  })

  it('refuses to start a program unless allowed, and then signs in with what it prints', async () => {
    const path = join(directory, 'exec.kubeconfig')
    await writeVariant(path, ({ user }) => {
      const credential = {
        apiVersion: 'client.authentication.k8s.io/v1',
        kind: 'ExecCredential',
        status: { token: user['token'] },
      }
      user['exec'] = {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: '/bin/echo',
        args: [JSON.stringify(credential)],
        interactiveMode: 'Never',
      }
      delete user['token']
    })
    const careful = connect(path)
    await expect(careful.version()).rejects.toMatchObject({
      code: 'cluster-refused',
      message: expect.stringContaining('exec'),
    })
    careful.close()
    const clock = { now: () => Date.now() }
    const trusting = createCluster({
      kubeconfigPath: path,
      allowPlugins: true,
      log: silent,
      random: Math.random,
      clock,
    })
    expect(await trusting.version()).toMatch(/^v1/)
    trusting.close()
  })

  it('does not trust a server of another authority', async () => {
    const path = join(directory, 'untrusted.kubeconfig')
    await writeVariant(path, ({ cluster: part }) => delete part['certificate-authority-data'])
    const wary = connect(path)
    await expect(wary.version()).rejects.toMatchObject({
      code: 'cluster-unreachable',
      retryable: false,
      message: expect.stringContaining('not trusted'),
    })
    wary.close()
  })
})

describe('an API server that goes away', () => {
  it('is reported as unreachable, and every watch is live again after its return with what it missed', async () => {
    const names = new Set<string>()
    const states: string[] = []
    const back = Promise.withResolvers<void>()
    const brokenOnce = Promise.withResolvers<void>()
    const missed = Promise.withResolvers<void>()
    const watch = cluster.watch({
      ...configMap,
      namespace: 'default',
      labelSelector: 'of=outage',
      metadataOnly: true,
      onEvent(event) {
        names.add(event.object.metadata.name)
        if (event.object.metadata.name === 'after') missed.resolve()
      },
      onState(state) {
        if (state.kind === 'broken') brokenOnce.resolve()
        if (state.kind === 'live' && states.includes('broken')) back.resolve()
        states.push(state.kind)
      },
    })
    await watch.synced
    await world.kill('apiserver', 'SIGKILL')
    await brokenOnce.promise
    await expect(cluster.version()).rejects.toMatchObject({ code: 'cluster-unreachable', retryable: true })
    await world.restart('apiserver')
    await cluster.apply(
      { ...configMap, metadata: { name: 'after', namespace: 'default', labels: { of: 'outage' } } },
      manager,
    )
    await Promise.all([back.promise, missed.promise])
    expect(names).toEqual(new Set(['after']))
    watch.stop()
  }, 120_000)
})
