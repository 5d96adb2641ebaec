import type { WorkerDeps } from '#lib/operations/work/deps.ts'
import { anchorAudit } from '#lib/operations/work/anchor-audit.ts'
import { applySnapshot } from '#lib/operations/work/apply-snapshot.ts'
import { automateRelease } from '#lib/operations/work/automate-release.ts'
import { deleteConsented } from '#lib/operations/work/delete-objects.ts'
import { commandSubjects, executeCommands } from '#lib/operations/command/execute-commands.ts'
import { judgeLoosenings } from '#lib/operations/work/guards.ts'
import { patchRelease } from '#lib/operations/work/release-records.ts'
import { runPromotion } from '#lib/operations/work/run-promotion.ts'
import { recordRevisions } from '#lib/operations/work/record-revision.ts'
import { refreshCharts } from '#lib/operations/work/refresh-charts.ts'
import { runRelease } from '#lib/operations/work/run-release.ts'
import { scanRepository } from '#lib/operations/work/scan-repository.ts'
import { tellCluster } from '#lib/operations/work/tell-cluster.ts'
import { updateAlerts } from '#lib/operations/work/update-alerts.ts'
import { updateBehind } from '#lib/operations/work/update-behind.ts'
import { updateHealth } from '#lib/operations/work/update-health.ts'
import { watchValues } from '#lib/operations/work/watch-values.ts'
import { watchCluster } from '#lib/operations/work/watch-cluster.ts'
import { deployKeyQueue } from './deploy-key-queue.ts'
import { fetchOnce } from './fetch.ts'
import { firstLook } from './first-look.ts'
import { expectAnnouncement, hookQueues } from './hook-queues.ts'
import { keyedQueue, type KeyedQueue } from './keyed-queue.ts'
import { notifyQueues } from './notify-queues.ts'
import { periodicQueue } from './periodic-queue.ts'
import { proposalQueue } from './proposal-queue.ts'
import { automateFor, replaceAll, scanAll, wakePromotions, wakeReleases } from './wake-related.ts'
import { batchedWriter } from './write.ts'
import { projectStatus } from '#lib/operations/work/project-status.ts'

/** Documents whose kind, namespace or server was not there are tried again after this, or when definitions change. */
const applyRetryMs = 1_000
const longestApplyRetryMs = 300_000
/** Commands and outbox are looked at this often even if a wake-up was lost. */
const safetyNetMs = 2_000
/** Changes of these moments come to one position in the stream of events, far below what a page notices. */
const sequenceMs = 200
/** An upgrade tells of its revision three times (begun, the old one superseded, done) within less than this. */
const revisionMs = 500
const projectMs = 500
/** Workload and pods change several times while a new version of them comes up. */
const healthMs = 200
/** The trail is anchored in Git this often, the first time when the start is over. */
const anchorEveryMs = 600_000
/** A helm that runs for longer waits for pods or hooks, which takes no CPU. */
const helmBusyMs = 5_000
/** History is pruned first when the start is over, then this often. */
const firstPruneMs = 60_000
const pruneEveryMs = 6 * 3_600_000

export interface Loops {
  stop(): Promise<void>
}

type Deps = WorkerDeps

function makeQueues(deps: Deps, cores: number) {
  const { clock, log, memory } = deps
  const base = { log, clock }
  const hooks = hookQueues(deps)
  const proving = deployKeyQueue(deps)
  const fetching: KeyedQueue = keyedQueue({
    ...base,
    name: 'fetch',
    concurrency: 1,
    restMs: deps.settings.pollIntervalMs,
    async run(key) {
      const before = memory.handedOver?.commit
      const repositories = await fetchOnce(deps, key === 'own')
      if (key !== 'own') expectAnnouncement(deps, hooks, before, memory.handedOver?.commit)
      charts.wake('')
      proving.wake('')
      for (const { name, nextScanAt } of repositories) scanning.wakeAt(name, nextScanAt)
      fetching.wakeAt('', clock.now() + deps.settings.pollIntervalMs)
    },
  })
  const charts = chartQueue(deps)
  const scanning: KeyedQueue = keyedQueue({
    ...base,
    name: 'scan',
    concurrency: 4,
    restMs: deps.settings.scanIntervalMs,
    async run(name) {
      scanning.wakeAt(name, await scanRepository(deps, name))
      await countBehindAgain(deps, name)
    },
  })
  return {
    promoting: promotionQueue(deps),
    proposing: proposalQueue(deps),
    guarding: guardQueue(deps),
    fetching,
    proving,
    charts,
    applying: applyQueue(deps),
    scanning,
    automating: automationQueue(deps),
    ...releaseQueues(deps, cores),
    ...storeQueues(deps),
    ...notifyQueues(deps),
    ...hooks,
  }
}

function chartQueue(deps: Deps): KeyedQueue {
  const charts: KeyedQueue = keyedQueue({
    log: deps.log,
    clock: deps.clock,
    name: 'chart',
    concurrency: 1,
    restMs: deps.settings.pollIntervalMs,
    async run() {
      charts.wakeAt('', await refreshCharts(deps))
    },
  })
  return charts
}

/** A scan reads digests; where they were missing, how far behind a release is could not be told. */
async function countBehindAgain(deps: Deps, repository: string) {
  const unknown = [...deps.memory.releases.values()].filter(
    ({ images, behind }) => behind === undefined && images.some((image) => image.repository === repository),
  )
  for (const application of new Set(unknown.map((record) => record.application))) await updateBehind(deps, application)
}

function automationQueue(deps: Deps): KeyedQueue {
  return keyedQueue({
    log: deps.log,
    clock: deps.clock,
    name: 'automate',
    // They wait for the database most of the time; one after the other, a burst of images waits for all of them.
    concurrency: 4,
    async run(id) {
      const record = deps.memory.releases.get(id)
      if (record) await automateRelease(deps, record)
    },
  })
}

function applyQueue(deps: Deps): KeyedQueue {
  const { clock, log } = deps
  let retries = 0
  const applying: KeyedQueue = keyedQueue({
    log,
    clock,
    name: 'apply',
    concurrency: 1,
    restMs: longestApplyRetryMs,
    async run() {
      const refused = await deleteConsented(deps)
      const applied = await applySnapshot(deps)
      const retry = applied.retry || refused > 0
      retries = retry ? retries + 1 : 0
      if (retry) applying.wakeAt('', clock.now() + Math.min(applyRetryMs * 2 ** (retries - 1), longestApplyRetryMs))
    },
  })
  return applying
}

function promotionQueue(deps: Deps) {
  const promoting: KeyedQueue = keyedQueue({
    log: deps.log,
    clock: deps.clock,
    name: 'promote',
    concurrency: 2,
    async run(id) {
      const again = await runPromotion(deps, id)
      if (again !== undefined) promoting.wakeAt(id, again)
    },
  })
  return promoting
}

function guardQueue(deps: Deps) {
  const guarding: KeyedQueue = keyedQueue({
    log: deps.log,
    clock: deps.clock,
    name: 'gates',
    concurrency: 1,
    async run() {
      const again = await judgeLoosenings(deps)
      if (again !== undefined) guarding.wakeAt('', again)
    },
  })
  return guarding
}

function releaseQueues(deps: Deps, cores: number) {
  const { clock, log } = deps
  const base = { log, clock }
  const projecting = keyedQueue({
    ...base,
    name: 'status',
    concurrency: 2,
    gatherMs: projectMs,
    run: (id) => projectStatus(deps, id),
  })
  const health: KeyedQueue = keyedQueue({
    ...base,
    name: 'health',
    concurrency: 2,
    gatherMs: healthMs,
    async run(id) {
      const again = await updateHealth(deps, id)
      if (again !== undefined) health.wakeAt(id, again)
      projecting.wake(id)
    },
  })
  const alerting: KeyedQueue = keyedQueue({
    ...base,
    name: 'alert',
    concurrency: 1,
    async run(id) {
      const again = await updateAlerts(deps, id)
      if (again !== undefined) alerting.wakeAt(id, again)
      // Nobody tells when a hold expires.
      for (const each of id === '' ? deps.memory.releases.keys() : [id]) {
        const over = Date.parse(deps.memory.releases.get(each)?.lock?.until ?? '')
        if (over > clock.now()) alerting.wakeAt(each, over)
      }
    },
  })
  const revisions = revisionQueue(deps)
  const look = firstLook(deps, (id) => runRelease(deps, id))
  const releases: KeyedQueue = keyedQueue({
    ...base,
    name: 'release',
    // Helm is bound by the CPU: one more than the cores keeps them busy while another waits for the API server.
    concurrency: Math.max(2, cores + 1),
    slotMs: helmBusyMs,
    async run(id) {
      const again = await look(id)
      if (again !== undefined) releases.wakeAt(id, again)
      deps.wakeups.wake('host')
      health.wake(id)
      projecting.wake(id)
    },
    onQuarantine(id, error) {
      const reason = `Set aside after three errors: ${String(error)}`
      patchRelease(deps, id, { phase: 'blocked', reason, phaseSince: clock.now() }).catch((failure: unknown) =>
        log.warn('quarantine not written', { release: id, error: String(failure) }),
      )
    },
  })
  return { projecting, health, alerting, revisions, releases }
}

/** One release at a time, with all of its revisions that changed meanwhile. */
function revisionQueue(deps: Deps) {
  const changed = new Map<string, Set<number>>()
  const queue = keyedQueue({
    log: deps.log,
    clock: deps.clock,
    name: 'revision',
    concurrency: 2,
    gatherMs: revisionMs,
    async run(key) {
      const due = changed.get(key) ?? []
      changed.delete(key)
      try {
        await recordRevisions(deps, key, due)
      } catch (error) {
        for (const revision of due) note(key, revision)
        throw error
      }
    },
  })
  const note = (key: string, revision: number) => changed.set(key, (changed.get(key) ?? new Set()).add(revision))
  return {
    stop: () => queue.stop(),
    wake(key: string, revision: number) {
      note(key, revision)
      queue.wake(key)
    },
  }
}

function storeQueues(deps: Deps) {
  const base = { log: deps.log, clock: deps.clock, concurrency: 1 }
  // A command that waits for a registry must not keep a hold or a consent waiting.
  const executing = keyedQueue({
    ...base,
    name: 'command',
    concurrency: 4,
    run: (subject) => executeCommands(deps, subject),
  })
  const commanding = keyedQueue({
    ...base,
    name: 'commands',
    async run() {
      for (const subject of await commandSubjects(deps)) executing.wake(subject)
    },
  })
  const sequencing = keyedQueue({
    ...base,
    name: 'outbox',
    gatherMs: sequenceMs,
    async run() {
      await deps.store.chainAudit()
      await deps.store.sequenceOutbox()
    },
  })
  const pruning = periodicQueue(deps, 'prune', pruneEveryMs, () => deps.store.pruneHistory(deps.clock.now()))
  const anchoring = periodicQueue(deps, 'anchor', anchorEveryMs, async () => void (await anchorAudit(deps)))
  return { commanding, executing, sequencing, pruning, anchoring }
}

type Queues = ReturnType<typeof makeQueues>

/** Who wakes whom. */
function listen(
  deps: Deps,
  queues: Queues,
  writing: { wake(key: string): void },
  values: { update(): void },
): (() => void)[] {
  const { wakeups, memory } = deps
  return [
    wakeups.on('fetch', (key) => queues.fetching.wake(key === 'own' ? 'own' : '')),
    wakeups.on('gates', () => queues.guarding.wake('')),
    wakeups.on('snapshot', (commit) => {
      queues.guarding.wake('')
      queues.applying.wake('')
      wakePromotions(deps, queues.promoting, '')
      values.update()
      queues.alerting.wake('')
      // With a commit, those for which it says something new are named one by one.
      if (commit === '') automateFor(deps, queues.automating, '')
    }),
    wakeups.on('apply', () => queues.applying.wake('')),
    wakeups.on('release', (id) => {
      wakeReleases(deps, queues.releases, id)
      replaceAll(deps, id)
    }),
    wakeups.on('health', (id) => wakeReleases(deps, queues.health, id)),
    wakeups.on('alert', (id) => queues.alerting.wake(id)),
    wakeups.on('notify', (id) => (id === '' ? queues.channels.wake('') : queues.telling.wake(id))),
    wakeups.on('heartbeat', () => queues.beating.wake('')),
    wakeups.on('host', () => queues.hosting.wake('')),
    wakeups.on('revision', (key) => {
      for (const [known, metas] of memory.history ?? [])
        if (key === '' || key === known) for (const { revision } of metas) queues.revisions.wake(known, revision)
    }),
    wakeups.on('scan', (name) => (name === '' ? scanAll(deps, queues.scanning) : queues.scanning.wake(name))),
    wakeups.on('automate', (key) => automateFor(deps, queues.automating, key)),
    wakeups.on('write', (key) => writing.wake(key)),
    wakeups.on('promote', (key) => {
      wakePromotions(deps, queues.promoting, key)
      // What some check said may let looser gates through as well.
      if (key === '') queues.guarding.wake('')
    }),
    wakeups.on('propose', (branch) => queues.proposing.wake(branch)),
    wakeups.on('command', () => queues.commanding.wake('')),
    wakeups.on('webhook', (hook) => queues.heard.wake(hook)),
    wakeups.on('outbox', () => queues.sequencing.wake('')),
  ]
}

/** Starts every loop of one cluster and its branch; each is woken by what happens before it in the chain. */
export function startLoops(deps: Deps, options: { cores: number }): Loops {
  const queues = makeQueues(deps, options.cores)
  const writing = batchedWriter(deps, {
    async settled(repositories, releases) {
      await queues.scanning.idle(repositories)
      await queues.automating.idle(releases)
    },
  })
  const values = watchValues(deps)
  const stops = listen(deps, queues, writing, values)
  const watch = watchCluster(deps, (key, revision) => queues.revisions.wake(key, revision))
  void watch.ready.then(() => tellCluster(deps))
  const safetyNet = setInterval(() => {
    queues.sequencing.wake('')
    queues.commanding.wake('')
  }, safetyNetMs)
  for (const start of [queues.fetching, queues.commanding, queues.sequencing]) start.wake('')
  deps.wakeups.wake('promote')
  queues.proposing.wake('')
  queues.pruning.wakeAt('', deps.clock.now() + firstPruneMs)
  queues.anchoring.wakeAt('', deps.clock.now() + firstPruneMs)
  queues.channels.wake('')
  queues.beating.wake('')
  queues.hosting.wake('')
  queues.recovering.wakeAt('', deps.clock.now() + firstPruneMs)
  writing.wake('')
  return {
    async stop() {
      clearInterval(safetyNet)
      for (const stop of stops) stop()
      watch.stop()
      values.stop()
      writing.stop()
      await Promise.all(Object.values(queues).map((queue) => queue.stop()))
    },
  }
}
