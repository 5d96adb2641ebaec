import { Fault } from '#lib/core/fault/index.ts'
import { releaseId } from '#lib/core/identity/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import { isExact, pullArchive } from './chart-archive.ts'
import { accessKey, archiveKey, type ArchiveSource } from './chart-memory.ts'
import type { WorkerDeps } from './deps.ts'
import { isForeign } from './git-chart.ts'
import { sweepCharts } from './sweep-charts.ts'

type Deps = Pick<
  WorkerDeps,
  'git' | 'helm' | 'registry' | 'chartRepository' | 'clock' | 'log' | 'settings' | 'memory' | 'wakeups'
>

/**
 * Looks whether charts changed without a commit on the branch: after each fetch other refs of the config repository, and
 * once in a poll interval whatever a Helm repository or registry may name otherwise by now. Wakes the releases that use
 * what changed. Returns when to look again, milliseconds since the epoch.
 */
export async function refreshCharts(deps: Deps): Promise<number> {
  const { memory, settings, clock } = deps
  const releases = memory.snapshot?.releases ?? []
  await followRefs(deps, releases)
  if (clock.now() >= memory.charts.refreshedAt + settings.pollIntervalMs) {
    memory.charts.refreshedAt = clock.now()
    wakeFailed(deps, releases)
    await lookAgain(deps, releases)
  }
  await sweepCharts(deps, releases)
  return memory.charts.refreshedAt + settings.pollIntervalMs
}

function wake(deps: Deps, users: readonly DesiredRelease[]): void {
  const { clusterName } = deps.settings
  for (const { namespace, name } of users) deps.wakeups.wake('release', releaseId(clusterName, namespace, name))
}

/** A fetch brings every ref that a chart was ever asked for; what they name now is known without asking anyone. */
async function followRefs(deps: Deps, releases: readonly DesiredRelease[]): Promise<void> {
  const { memory, settings, log } = deps
  const { refs, faults } = memory.charts
  for (const [ref, users] of Map.groupBy(releases, (release) => otherRef(release, settings))) {
    if (ref === undefined) continue
    try {
      if ((await deps.git.resolve(ref)) === refs.get(ref)) continue
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      log.warn('chart ref not looked at', { ref, code: error.code })
      continue
    }
    for (const release of users) faults.delete(accessKey(release, memory.snapshot?.commit))
    wake(deps, users)
  }
}

/** A ref of the config repository that is not its branch. */
function otherRef({ chart }: DesiredRelease, { branch, repository }: Deps['settings']): string | undefined {
  return chart.kind === 'git' && chart.ref !== branch && !isForeign(chart, repository) ? chart.ref : undefined
}

/** What nobody was told to wait for may be had by now: a version was published, a Secret corrected. */
function wakeFailed(deps: Deps, releases: readonly DesiredRelease[]): void {
  const { memory, clock } = deps
  const failed = releases.filter((release) => {
    const fault = memory.charts.faults.get(accessKey(release, memory.snapshot?.commit))
    return fault !== undefined && fault.until <= clock.now()
  })
  wake(deps, failed)
}

async function lookAgain(deps: Deps, releases: readonly DesiredRelease[]): Promise<void> {
  const bySource = new Map<string, { source: ArchiveSource; users: DesiredRelease[] }>()
  for (const release of releases) {
    const { chart } = release
    if (chart.kind === 'git' || isExact(chart)) continue
    const key = archiveKey(chart)
    const entry = bySource.get(key) ?? { source: chart, users: [] }
    entry.users.push(release)
    bySource.set(key, entry)
  }
  await Promise.all([...bySource.values()].map(({ source, users }) => lookAgainAt(deps, source, users)))
}

/** A source that does not answer, or has nothing any more, leaves its releases what they have. */
async function lookAgainAt(deps: Deps, source: ArchiveSource, users: readonly DesiredRelease[]): Promise<void> {
  const { archives } = deps.memory.charts
  const key = archiveKey(source)
  const known = archives.get(key)
  if (!known) return
  try {
    const namespaces = [...new Set(users.map(({ namespace }) => namespace))]
    const found = await pullArchive(deps, source, namespaces, known)
    archives.set(key, found)
    if (found.chart.digest !== known.chart.digest) wake(deps, users)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    deps.log.warn('chart source not looked at again', { url: source.url, code: error.code, reason: error.message })
  }
}
