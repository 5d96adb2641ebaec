import { canonicalJson } from '#lib/core/audit/index.ts'
import { releaseId } from '#lib/core/identity/index.ts'
import { applicationOf, chartNameOf, environmentOfRelease } from '#lib/core/pipeline/index.ts'
import { isUnread } from '#lib/core/snapshot/index.ts'
import type { ChartSource, DesiredRelease } from '#lib/core/release/types.ts'
import type { ReleasePatch, ReleaseRecord } from '#lib/ports/store/index.ts'
import { modeOf, type WorkerDeps } from './deps.ts'
import { imagesOf } from './release-images.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'settings' | 'memory' | 'wakeups'>

/** Records in one transaction; far below what its time allows. */
const recordsAtOnce = 200

/** Changes a release's record in database and memory alike; without a difference nothing is written. */
export async function patchRelease(deps: Deps, id: string, patch: ReleasePatch): Promise<ReleaseRecord> {
  return (await patchReleaseIn(deps.store, deps, id, patch))()
}

/** As `patchRelease`, in the transaction of `store`. The answer is to be called once that is committed. */
export async function patchReleaseIn(
  store: Deps['store'],
  deps: Deps,
  id: string,
  patch: ReleasePatch,
): Promise<() => ReleaseRecord> {
  const known = deps.memory.releases.get(id)
  if (known && !differs(known, patch)) return () => known
  const record = await store.saveRelease(id, patch)
  return () => keepRelease(deps, known, record)
}

function keepRelease(deps: Deps, known: ReleaseRecord | undefined, record: ReleaseRecord): ReleaseRecord {
  const { id } = record
  // Two loops may write at once; what was written first may come back last.
  if (record.version > (deps.memory.releases.get(id)?.version ?? 0)) deps.memory.releases.set(id, record)
  deps.wakeups.wake('outbox')
  deps.wakeups.wake('alert', id)
  if (deps.memory.promotions.size > 0) deps.wakeups.wake('promote', id)
  if (known && (known.phase !== record.phase || known.health !== record.health)) wakeDependents(deps, record)
  return record
}

function wakeDependents(deps: Deps, { namespace, name }: ReleaseRecord) {
  for (const release of deps.memory.snapshot?.releases ?? [])
    if (release.dependsOn.some((other) => other.namespace === namespace && other.name === name))
      deps.wakeups.wake('release', releaseId(deps.settings.clusterName, release.namespace, release.name))
}

function differs(known: ReleaseRecord, patch: ReleasePatch): boolean {
  // The database keeps objects in an order of keys of its own.
  return Object.entries(patch).some(([key, value]) => {
    const before = known[key as keyof ReleaseRecord]
    return before !== value && canonicalJson(before ?? null) !== canonicalJson(value ?? null)
  })
}

/**
 * Brings the records in line with the snapshot: one per HelmRelease, with what Git says of it. Releases whose document
 * is gone stay, marked as no longer desired; where its file only cannot be read, nothing is known to have changed. Returns the ids that need the release loop.
 */
export async function syncReleaseRecords(deps: Deps): Promise<string[]> {
  const snapshot = deps.memory.snapshot
  if (!snapshot) return []
  const patches = new Map<string, ReleasePatch>()
  for (const desired of snapshot.releases) {
    const id = releaseId(deps.settings.clusterName, desired.namespace, desired.name)
    patches.set(id, { ...recordOf(deps, desired), ...(deps.memory.releases.has(id) ? {} : firstSight(deps)) })
  }
  for (const record of deps.memory.releases.values()) {
    if (patches.has(record.id) || !record.desired || isUnread(snapshot, record.path)) continue
    patches.set(record.id, { desired: false })
  }
  return patchReleases(deps, patches)
}

/** One commit of the database for many records: helm waits for them. Returns the ids of those that differed. */
async function patchReleases(deps: Deps, patches: ReadonlyMap<string, ReleasePatch>): Promise<string[]> {
  const due = [...patches].filter(([id, patch]) => {
    const known = deps.memory.releases.get(id)
    return !known || differs(known, patch)
  })
  for (let at = 0; at < due.length; at += recordsAtOnce) {
    const some = due.slice(at, at + recordsAtOnce)
    const fresh = new Map(some.filter(([id]) => !deps.memory.releases.has(id)))
    const added = fresh.size > 0 ? await deps.store.addReleases(fresh) : []
    for (const record of added) keepRelease(deps, undefined, record)
    const made = new Set(added.map(({ id }) => id))
    const others = some.filter(([id]) => !made.has(id))
    if (others.length > 0) await patchTogether(deps, others)
  }
  return due.map(([id]) => id)
}

async function patchTogether(deps: Deps, patches: readonly (readonly [string, ReleasePatch])[]): Promise<void> {
  const kept = await deps.store.transaction(async (store) => {
    const written: (() => ReleaseRecord)[] = []
    for (const [id, patch] of patches) written.push(await patchReleaseIn(store, deps, id, patch))
    return written
  })
  for (const keep of kept) keep()
}

function firstSight(deps: Deps): ReleasePatch {
  const now = deps.clock.now()
  return {
    phase: 'unknown',
    reason: 'Seen in Git.',
    phaseSince: now,
    health: 'unknown',
    healthReason: '',
    healthSince: now,
  }
}

function recordOf(deps: Deps, desired: DesiredRelease): ReleasePatch {
  const environment = environmentOfRelease(desired)
  const { automation } = desired
  return {
    cluster: deps.settings.clusterName,
    namespace: desired.namespace,
    name: desired.name,
    releaseName: desired.releaseName,
    storageNamespace: desired.storageNamespace,
    targetNamespace: desired.targetNamespace,
    application: applicationOf(desired, chartNameOf(desired.chart)),
    environment,
    path: desired.path,
    line: desired.line,
    generation: desired.generation,
    mode: modeOf(deps, environment),
    desired: true,
    automated: automation.automated,
    lock: automation.locked,
    chart: chartShown(deps, desired),
    images: imagesOf(deps, desired),
  }
}

/** Name and version stay what the release loop last read from the chart itself. */
function chartShown(deps: Deps, desired: DesiredRelease): ReleaseRecord['chart'] {
  const known = deps.memory.releases.get(releaseId(deps.settings.clusterName, desired.namespace, desired.name))?.chart
  const source = chartText(deps, desired.chart)
  return known?.source === source ? known : { source, name: chartNameOf(desired.chart) }
}

function chartText(deps: Deps, chart: ChartSource): string {
  switch (chart.kind) {
    case 'git':
      return `${chart.path}@${chart.ref ?? deps.settings.branch}`
    case 'http':
      return `${chart.url} ${chart.name} ${chart.version}`
    case 'oci':
      return `${chart.url}${chart.digest ? `@${chart.digest}` : `:${chart.version ?? chart.tag ?? 'latest'}`}`
  }
}
