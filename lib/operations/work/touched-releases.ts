import { canonicalJson } from '#lib/core/audit/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { Snapshot } from '#lib/core/snapshot/index.ts'
import type { ReleaseRecord } from '#lib/ports/store/index.ts'
import { helmReleaseId, type WorkerDeps } from './deps.ts'
import { chartTree } from './git-chart.ts'

type Deps = Pick<WorkerDeps, 'git' | 'settings' | 'memory'>

/**
 * The releases that have to look again after a commit, those first whose document changed. One at rest whose document and
 * chart are as before, under the same settings, would look in vain: with a thousand releases that is most of the work of
 * a push, done while the one that somebody waits for is being upgraded. What lies outside the branch wakes them by itself.
 */
export async function touchedReleases(deps: Deps): Promise<ReleaseRecord[]> {
  const { snapshot, config, releases, handedOver, handedOverConfig } = deps.memory
  const records = [...releases.values()]
  if (!snapshot || !handedOver || canonicalJson(config) !== canonicalJson(handedOverConfig)) return records
  const known = byId(handedOver)
  const now = byId(snapshot)
  const moved = await movedCharts(deps, handedOver.commit, snapshot)
  const first: ReleaseRecord[] = []
  const others: ReleaseRecord[] = []
  for (const record of records) {
    const id = helmReleaseId(record)
    const desired = now.get(id)
    if (!same(known.get(id), desired)) first.push(record)
    else if (!isAtRest(deps, record) || (desired && moved.has(chartOfHead(deps, desired)))) others.push(record)
  }
  return [...first, ...others]
}

function byId(snapshot: Snapshot): Map<string, DesiredRelease> {
  return new Map(snapshot.releases.map((release) => [release.id, release]))
}

/** The digest is the document's; where its chart comes from, and what is wrong with it, may stand in another. */
function same(known: DesiredRelease | undefined, desired: DesiredRelease | undefined): boolean {
  if (!known || !desired || known === desired) return known === desired
  return known.digest === desired.digest && aroundIt(known) === aroundIt(desired)
}

function aroundIt({ chart, problems }: DesiredRelease): string {
  return JSON.stringify([chart, problems])
}

/**
 * What failed, waits or is blocked may go on with any commit: the one that brings what is missing. So may what waits for a
 * commit of ours: it may have been forced out of the branch.
 */
function isAtRest({ memory }: Deps, record: ReleaseRecord): boolean {
  return record.desired && record.phase === 'deployed' && !memory.unfinished.has(record.id)
}

/** Directory of a chart that moves with the head; undefined for any other, which `refreshCharts` looks after. */
function chartOfHead({ settings }: Deps, { chart }: DesiredRelease): string | undefined {
  if (chart.kind !== 'git') return undefined
  return chart.ref === undefined || chart.ref === settings.branch ? chart.path : undefined
}

async function movedCharts(deps: Deps, before: string, snapshot: Snapshot): Promise<Set<string | undefined>> {
  const named = new Set(snapshot.releases.map((release) => chartOfHead(deps, release)))
  const paths = [...named].filter((path) => path !== undefined)
  const treesAt = (commit: string) => Promise.all(paths.map((path) => chartTree(deps, commit, path)))
  const [known, now] = await Promise.all([treesAt(before), treesAt(snapshot.commit)])
  return new Set(paths.filter((_path, index) => known[index] !== now[index]))
}
