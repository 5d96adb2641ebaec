import { isGated } from '#lib/core/gate/index.ts'
import { carryChart, type CarriedChart, type ChartAt, type ChartNaming } from '#lib/core/promotion/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { ReleaseRecord } from '#lib/ports/store/index.ts'
import type { GitSource } from './chart-memory.ts'
import { helmReleaseId, type WorkerDeps } from './deps.ts'
import { chartTree, isForeign } from './git-chart.ts'
import { guardInForce } from './guards.ts'

/** A release and what Git says of it. */
interface ReleaseInGit {
  record: ReleaseRecord
  desired: DesiredRelease
}

/** What a promotion into `target` does with its chart; `source` = the release on the left, where it comes from one. */
export async function chartCarried(
  deps: WorkerDeps,
  { record, desired }: ReleaseInGit,
  source?: ReleaseInGit,
): Promise<CarriedChart> {
  const { chart, generation } = desired
  const { environment } = record
  const gated = isGated(guardInForce(deps, record).inForce.gates)
  if (!gated || chart.kind !== 'git' || isForeign(chart, deps.settings.repository)) return { kind: 'leave' }
  const document = deps.memory.snapshot?.documents.find(({ id }) => id === helmReleaseId(record))
  const own = await chartOf(deps, chart)
  return carryChart({
    environment,
    gated,
    document: { generation, chart, spec: (document?.object.spec ?? {}) as Record<string, unknown> },
    naming: await namingOf(deps, chart.ref),
    own,
    left: source && (await deployedIn(deps, source, chart, own)),
    deployed: treeOf(record),
  })
}

async function namingOf({ git, settings }: WorkerDeps, ref: string | undefined): Promise<ChartNaming> {
  if (ref === undefined || ref === settings.branch) return 'moving'
  if (/^[0-9a-f]{40}$/.test(ref)) return 'commit'
  const branch = ref.startsWith('refs/') ? ref : `refs/heads/${ref}`
  return branch.startsWith('refs/heads/') && (await git.resolve(branch)) !== undefined ? 'moving' : 'fixed'
}

/** What a document gets for its chart now. */
async function chartOf(deps: WorkerDeps, { ref, path }: GitSource): Promise<ChartAt | undefined> {
  const follows = ref === undefined || ref === deps.settings.branch
  const commit = follows ? deps.memory.snapshot?.commit : await deps.git.resolve(ref)
  return commit === undefined ? undefined : chartAt(deps, commit, path)
}

async function chartAt(deps: WorkerDeps, commit: string, path: string): Promise<ChartAt | undefined> {
  const tree = await chartTree(deps, commit, path)
  return tree === undefined ? undefined : { commit, tree }
}

/** The same chart as it is deployed there, by a commit that has it: the target's own, the source's, or that of its revision. */
async function deployedIn(
  deps: WorkerDeps,
  { record, desired }: ReleaseInGit,
  { path }: GitSource,
  own: ChartAt | undefined,
): Promise<ChartAt | undefined> {
  const { chart } = desired
  if (chart.kind !== 'git' || chart.path !== path || isForeign(chart, deps.settings.repository)) return undefined
  const tree = treeOf(record)
  if (tree === undefined) return undefined
  if (own?.tree === tree) return own
  const { items } = await deps.store.listRevisions(record.id)
  const revision = items.find(({ status }) => status === 'deployed')
  const commits = revision?.commit === undefined ? [] : [chartAt(deps, revision.commit, path)]
  const found = await Promise.all([chartOf(deps, chart), ...commits])
  return found.find((at) => at?.tree === tree)
}

/** Of the chart that is deployed, where it came from Git. */
function treeOf({ baseline }: ReleaseRecord): string | undefined {
  return /^tree:([0-9a-f]+)/.exec(baseline?.chart?.digest ?? '')?.[1]
}
