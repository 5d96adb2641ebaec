import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openWorld } from '#demo/world/start-world.ts'
import type { World } from '#demo/world/types.ts'
import { waitUntil } from '#demo/world/wait-until.ts'
import { createCluster, type ClosableCluster } from '#lib/adapters/kubernetes/index.ts'
import { releaseCrds } from '#lib/core/crd/index.ts'
import { buildSnapshot } from '#lib/core/snapshot/index.ts'
import { emptyMemory, type WorkerDeps } from '#lib/operations/work/deps.ts'
import { watchCluster } from '#lib/operations/work/watch-cluster.ts'
import { watchValues } from '#lib/operations/work/watch-values.ts'
import type { Cluster } from '#lib/ports/cluster.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { createRecordingLog } from '#test/fakes/recording-log.ts'
import { firstObjects, valuesDocument, watchName } from './p13-objects.ts'
import type { Context, Figures } from './scenario.ts'
import { rounded } from './statistics.ts'

const targetMs = 1_000
const officialSilenceMs = 600_000

/** How long the first event takes on each watch of the worker after none of them has brought anything for ten minutes. */
export async function measureSilence({ options, opened }: Context): Promise<Figures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wheelhouse-bench-'))
  const { harness, whole } = await openWorld({ dataDir, log: options.log })
  const stop = opened(async () => {
    await harness.stop()
    await rm(dataDir, { recursive: true, force: true })
  })
  const world = await whole
  const kubeconfigPath = world.kubeconfig
  const log = createRecordingLog()
  const cluster = createCluster({ kubeconfigPath, log, random: Math.random, clock: { now: () => Date.now() } })
  try {
    await furnish(world, cluster)
    const seen = watchAll(cluster)
    await waitUntil('every watch is complete', () => seen.isComplete(), { timeoutMs: 60_000 })
    options.log(`${seen.names().length} watches; silence of ${options.silenceMs / 1000} s begins`)
    const before = seen.events()
    await pause(options.silenceMs)
    const events = seen.events() - before
    const delays = await causeEvents(world, seen)
    const figure = Math.max(...Object.values(delays))
    return {
      figure: rounded(figure / 1000, 3),
      unit: 's',
      baseline: null,
      ratio: null,
      target: 'first event after 10 minutes of silence on every watch ≤1 s',
      met: figure <= targetMs,
      details: {
        silenceSeconds: options.silenceMs / 1000,
        ...(options.silenceMs === officialSilenceMs ? {} : { note: 'measured after another silence than 10 minutes' }),
        eventsInSilence: events,
        delaysMs: delays,
        logged: log.lines.filter(({ level }) => level === 'warn' || level === 'error'),
      },
    }
  } finally {
    cluster.close()
    await stop()
  }
}

async function furnish(world: World, cluster: ClosableCluster): Promise<void> {
  await world.api.ensure('/api/v1/namespaces', { metadata: { name: 'bench' } })
  for (const crd of releaseCrds()) await cluster.apply(crd, { fieldManager: 'bench', force: false })
  for (const { apiVersion, kind } of firstObjects())
    await waitUntil(
      `${apiVersion} ${kind} is served`,
      async () => (await cluster.resource(apiVersion, kind)) !== undefined,
    )
}

interface Watched {
  names(): string[]
  isComplete(): boolean
  /** Of all watches, the first lists included. */
  events(): number
  /** When that watch brought an object of this name; milliseconds since the epoch. */
  seenAt(watch: string, object: string): number | undefined
}

/** The worker's own watches, each telling of what it brings. */
function watchAll(cluster: Cluster): Watched {
  const open = new Map<string, boolean>()
  const times = new Map<string, number>()
  let events = 0
  const listening: Cluster = {
    ...cluster,
    watch(request) {
      const name = watchName(request)
      open.set(name, false)
      return cluster.watch({
        ...request,
        onEvent(event) {
          events++
          const key = `${name} ${event.object.metadata.name}`
          if (!times.has(key)) times.set(key, Date.now())
          request.onEvent(event)
        },
        onSynced(objects) {
          open.set(name, true)
          request.onSynced?.(objects)
        },
      })
    },
  }
  const deps = depsOf(listening)
  watchCluster(deps, () => {})
  watchValues(deps).update()
  return {
    names: () => [...open.keys()],
    isComplete: () => [...open.values()].every(Boolean),
    events: () => events,
    seenAt: (watch, object) => times.get(`${watch} ${object}`),
  }
}

/** What the watches need of a worker; nobody is woken and nothing is kept. */
function depsOf(cluster: Cluster) {
  const store: Pick<Store, 'setFact'> = { setFact: () => Promise.resolve() }
  const settings: Partial<WorkerDeps['settings']> = { clusterName: 'default' }
  const files = [{ path: 'releases/bench/a.yaml', blob: 'a', content: { kind: 'text' as const, text: valuesDocument } }]
  const snapshot = buildSnapshot({ commit: '', allPaths: files.map(({ path }) => path), files })
  return {
    cluster,
    store: store as Store,
    settings: settings as WorkerDeps['settings'],
    memory: { ...emptyMemory(), snapshot },
    wakeups: { wake() {}, on: () => () => {} },
    clock: { now: () => Date.now() },
    log: createRecordingLog(),
  }
}

/** Creates an object for each watch, one after the other; milliseconds until each was told of. */
async function causeEvents(world: World, watched: Watched): Promise<Record<string, number>> {
  const objects = new Map(firstObjects().map((object) => [object.watch, object]))
  const delays: Record<string, number> = {}
  for (const name of watched.names()) {
    const cause = objects.get(name)
    if (!cause) throw new Error(`There is no event for the watch of ${name}.`)
    const from = Date.now()
    await world.api.ensure(cause.collection, cause.object)
    const at = await waitUntil(`${name} tells`, () => watched.seenAt(name, cause.object.metadata.name), {
      everyMs: 1,
      timeoutMs: 180_000,
    })
    delays[name] = at - from
  }
  return delays
}
