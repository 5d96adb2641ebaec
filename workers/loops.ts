import { helmReleaseId, type WorkerDeps } from '#lib/operations/work/deps.ts'
import { applySnapshot } from '#lib/operations/work/apply-snapshot.ts'
import { automateRelease } from '#lib/operations/work/automate-release.ts'
import { deleteConsented } from '#lib/operations/work/delete-objects.ts'
import { executeCommand } from '#lib/operations/command/execute-command.ts'
import { patchRelease } from '#lib/operations/work/release-records.ts'
import { recordRevision } from '#lib/operations/work/record-revision.ts'
import { runRelease } from '#lib/operations/work/run-release.ts'
import { scanRepository } from '#lib/operations/work/scan-repository.ts'
import { updateHealth } from '#lib/operations/work/update-health.ts'
import { writeCommits } from '#lib/operations/work/write-commits.ts'
import { watchCluster } from '#lib/operations/work/watch-cluster.ts'
import { fetchOnce } from './fetch.ts'
import { keyedQueue, type KeyedQueue } from './keyed-queue.ts'
import { projectStatus } from '#lib/operations/work/project-status.ts'

/** Releases at once: Helm is bound by the CPU, so a little more than the cores keeps them busy while others wait. */
const releaseSlots = (cores: number) => Math.max(2, cores + 1)
const commitQuietMs = 200
const commitDelaysMs = [commitQuietMs, 1_000, 2_000, 4_000]

export interface Loops {
  stop(): Promise<void>
}

/** Starts every loop of one cluster and its branch; each is woken by what happens before it in the chain. */
export function startLoops(deps: WorkerDeps, options: { cores: number }): Loops {
  const { wakeups, clock, log, memory } = deps
  const queue = (
    name: string,
    concurrency: number,
    run: (key: string) => Promise<void>,
    onQuarantine?: (key: string, error: unknown) => void,
  ) => keyedQueue({ name, concurrency, run, log, clock, onQuarantine })

  const fetching = queue('fetch', 1, async (key) => {
    await fetchOnce(deps, key === 'own')
    fetching.wakeAt('', clock.now() + deps.settings.pollIntervalMs)
  })
  const applying = queue('apply', 1, async () => {
    await deleteConsented(deps)
    const { retry } = await applySnapshot(deps)
    if (retry) applying.wakeAt('', clock.now() + 3_000)
  })
  const releases: KeyedQueue = queue(
    'release',
    releaseSlots(options.cores),
    async (id) => {
      const again = await runRelease(deps, id)
      if (again !== undefined) releases.wakeAt(id, again)
      projecting.wake(id)
    },
    (id, error) => {
      void patchRelease(deps, id, {
        phase: 'blocked',
        reason: `Set aside after three errors: ${String(error)}`,
        phaseSince: clock.now(),
      })
    },
  )
  const projecting = queue('status', 2, (id) => projectStatus(deps, id))
  const revisions = queue('revision', 2, (key) => {
    const [name = '', revision = ''] = key.split('#')
    return recordRevision(deps, name, Number(revision))
  })
  const health = queue('health', 2, (id) => updateHealth(deps, id))
  const scanning: KeyedQueue = queue('scan', 4, async (name) => {
    scanning.wakeAt(name, await scanRepository(deps, name))
  })
  const automating = queue('automate', 1, async (id) => {
    const record = memory.releases.get(id)
    if (record) await automateRelease(deps, record)
  })
  const writing = batchedWriter(deps)
  const commanding = queue('command', 1, async () => {
    for (const command of await deps.store.queuedCommands()) await executeCommand(deps, command)
  })
  const sequencing = queue('outbox', 1, async () => {
    await deps.store.chainAudit()
    await deps.store.sequenceOutbox()
  })

  const stops = [
    wakeups.on('fetch', (key) => fetching.wake(key === 'own' ? 'own' : '')),
    wakeups.on('snapshot', () => {
      applying.wake('')
      for (const id of memory.releases.keys()) automating.wake(id)
    }),
    wakeups.on('apply', () => applying.wake('')),
    wakeups.on('release', (id) => releases.wake(id)),
    wakeups.on('health', (id) => health.wake(id)),
    wakeups.on('scan', (name) => (name === '' ? scanAll(deps, scanning) : scanning.wake(name))),
    wakeups.on('automate', (key) => automateFor(deps, automating, key)),
    wakeups.on('write', () => writing.wake()),
    wakeups.on('command', () => commanding.wake('')),
    wakeups.on('outbox', () => sequencing.wake('')),
  ]
  const watch = watchCluster(deps, (key, revision) => revisions.wake(`${key}#${revision}`))
  const sequencer = setInterval(() => sequencing.wake(''), 1_000)
  for (const start of [fetching, commanding, sequencing]) start.wake('')
  writing.wake()
  return {
    async stop() {
      clearInterval(sequencer)
      for (const stop of stops) stop()
      watch.stop()
      writing.stop()
      await Promise.all(
        [fetching, applying, releases, projecting, revisions, health, scanning, automating, commanding, sequencing].map(
          (loop) => loop.stop(),
        ),
      )
    },
  }
}

function scanAll(deps: WorkerDeps, scanning: KeyedQueue) {
  for (const release of deps.memory.releases.values())
    for (const image of release.images) scanning.wake(image.repository)
}

/** A repository name wakes every release that uses it; an object id wakes that one. */
function automateFor(deps: WorkerDeps, automating: KeyedQueue, key: string) {
  for (const record of deps.memory.releases.values())
    if (key === '' || helmReleaseId(record) === key || record.images.some((image) => image.repository === key))
      automating.wake(record.id)
}

/**
 * The one writer of the branch: gathers decisions for 200 ms on a quiet branch, then 1, 2, 4 s while they keep coming,
 * so that a burst of images becomes a few commits (§9.28).
 */
function batchedWriter(deps: WorkerDeps) {
  let timer: NodeJS.Timeout | undefined
  let busy = false
  let again = false
  let burst = 0
  let lastCommitAt = Number.NEGATIVE_INFINITY
  const schedule = () => {
    if (timer || busy) {
      again = busy
      return
    }
    if (deps.clock.now() - lastCommitAt > 10_000) burst = 0
    timer = setTimeout(() => void run(), commitDelaysMs[Math.min(burst, commitDelaysMs.length - 1)])
  }
  const run = async () => {
    timer = undefined
    busy = true
    try {
      if (await writeCommits(deps)) {
        burst++
        lastCommitAt = deps.clock.now()
      }
    } catch (error) {
      deps.log.warn('commit failed', { error: String(error) })
      setTimeout(schedule, 2_000).unref()
    } finally {
      busy = false
      if (again) {
        again = false
        schedule()
      }
    }
  }
  return { wake: schedule, stop: () => clearTimeout(timer) }
}
