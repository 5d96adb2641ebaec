import { setTimeout as pause } from 'node:timers/promises'
import { waitUntil } from '#demo/world/wait-until.ts'
import { releaseId } from '#lib/core/identity/index.ts'
import type { ReleasePatch, Store } from '#lib/ports/store/index.ts'
import { appName, namespace } from './bench-releases.ts'
import { OpenPage, type Changes } from './open-page.ts'
import { processFacts } from './processes.ts'
import type { Context, Figures } from './scenario.ts'
import { p95, rounded, summary } from './statistics.ts'
import { startWebAlone } from './web-alone.ts'

const clients = 200
/** The others show one release each. */
const listClients = 20
const releases = 100
const perSecond = 50
const seconds = 30
const targetMs = 1_000
/** As often as the worker gives changes their place in the stream. */
const sequenceMs = 200
/** Share of the clients whose connection breaks in the middle, and for how long. */
const [brokenShare, awayMs] = [0.1, 2_000]

/** 200 open pages with a stream of events each, 50 changes a second, and every refetch that follows from them. */
export async function measureClients({ options, opened }: Context): Promise<Figures> {
  const { web, token, pid, store, stop } = await startWebAlone(opened)
  const ids = Array.from({ length: releases }, (_, index) => releaseId('default', namespace, appName(index)))
  const changes: Changes = { writtenAt: new Map() }
  const pages: OpenPage[] = []
  const sequencing = setInterval(() => void store.sequenceOutbox().catch(() => undefined), sequenceMs)
  try {
    for (const [index, id] of ids.entries()) await store.saveRelease(id, releaseRow(index))
    for (let index = 0; index < clients; index += 1) {
      const release = index < listClients ? undefined : ids[index % releases]
      pages.push(new OpenPage({ baseUrl: web, token, release }, changes))
    }
    await Promise.all(pages.map((page) => page.open()))
    const before = (await processFacts(pid))?.cpuSeconds ?? 0
    const broken = breakSome(pages)
    await changeSteadily(store, ids, changes)
    await broken
    const isWhole = () => pages.every((page) => ids.every((id) => isShown(page, id, changes)))
    await waitUntil('all pages show the last of all', isWhole, { timeoutMs: 10_000 }).catch(() => undefined)
    const behind = pages.filter((page) => ids.some((id) => !isShown(page, id, changes))).length
    const cpuSeconds = ((await processFacts(pid))?.cpuSeconds ?? 0) - before
    const ages = pages.flatMap(({ agesMs }) => agesMs)
    const figure = p95(ages)
    options.log(`${ages.length} changes seen, ${behind} pages behind`)
    return {
      figure: Math.round(figure),
      unit: 'ms',
      baseline: null,
      ratio: null,
      target: '200 clients, 50 changes/s, with the refetches: p95 ≤1 s to the new state, no gap after reconnect',
      met: figure <= targetMs && behind === 0,
      details: {
        ages: summary(ages),
        behind,
        reconnected: Math.round(clients * brokenShare),
        resets: pages.reduce((sum, { resets }) => sum + resets, 0),
        refetches: pages.reduce((sum, { refetches }) => sum + refetches, 0),
        webCpuShare: rounded(cpuSeconds / seconds),
      },
    }
  } finally {
    clearInterval(sequencing)
    await Promise.allSettled(pages.map((page) => page.close()))
    await stop()
  }
}

/** The version written last, where the page shows this release at all. */
function isShown(page: OpenPage, id: string, { writtenAt }: Changes): boolean {
  return page.version(id) === 0 || page.version(id) >= (writtenAt.get(id)?.length ?? 1) - 1
}

async function changeSteadily(store: Store, ids: readonly string[], { writtenAt }: Changes): Promise<void> {
  const begun = performance.now()
  const written = Array.from({ length: perSecond * seconds }, async (_, index) => {
    await pause(Math.max(0, begun + (index * 1000) / perSecond - performance.now()))
    const id = ids[index % ids.length] ?? ''
    const { version } = await store.saveRelease(id, { reason: `change ${index}`, phaseSince: Date.now() })
    const times = writtenAt.get(id) ?? []
    times[version] = performance.now()
    writtenAt.set(id, times)
  })
  await Promise.all(written)
}

/** In the middle of the changes: what happens while they are away must be there when they are back. */
async function breakSome(pages: readonly OpenPage[]): Promise<void> {
  await pause((seconds * 1000) / 3)
  const every = Math.round(1 / brokenShare)
  const some = pages.filter((_, index) => index % every === 0)
  await Promise.all(some.map((page) => page.close()))
  await pause(awayMs)
  await Promise.all(some.map((page) => page.open()))
}

const releaseRow = (index: number): ReleasePatch => ({
  cluster: 'default',
  namespace,
  name: appName(index),
  releaseName: appName(index),
  storageNamespace: namespace,
  targetNamespace: namespace,
  application: appName(index),
  environment: namespace,
  path: `releases/${namespace}/${appName(index)}.yaml`,
  line: 1,
  generation: 'helm.fluxcd.io/v1',
  mode: 'act',
  desired: true,
  automated: true,
  chart: { source: 'charts/app' },
  images: [],
  phase: 'deployed',
  reason: 'deployed',
  phaseSince: 1,
  health: 'healthy',
  healthReason: 'ready',
  healthSince: 1,
  problems: [],
})
