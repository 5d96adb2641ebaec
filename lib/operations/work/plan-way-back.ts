import { Fault } from '#lib/core/fault/index.ts'
import { parseManifestFile } from '#lib/core/manifest/index.ts'
import { pinChart, planRollback, type ChartPin } from '#lib/core/promotion/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { DocumentChange } from '#lib/core/values/index.ts'
import type { ReleaseRecord, RevisionRecord } from '#lib/ports/store/index.ts'
import { helmReleaseId, type WorkerDeps } from './deps.ts'

export interface WayBack {
  changes: DocumentChange[]
  /** Of the revision it goes back to; absent = not known. */
  inputs?: string
  /** What lies outside of Git and stays as it is, in sentences. */
  notRestored: string[]
}

/**
 * The way back that sticks (§9.12), as the edits of one commit: the document's spec as of the earlier revision's commit, the
 * chart pinned if it moved since, the hold, and the tags that are left refused. Throws Faults that say why there is none.
 */
export async function planWayBack(
  deps: WorkerDeps,
  record: ReleaseRecord,
  release: DesiredRelease,
  wanted: { revision: number; user: string; reason: string; holdUntil?: string },
): Promise<WayBack> {
  const { items } = await deps.store.listRevisions(record.id)
  const earlier = items.find(({ revision }) => revision === wanted.revision)
  if (!earlier) throw new Fault('not-found', `${record.name} has no revision ${wanted.revision}.`)
  // Where Git is ahead of it, going back to what is deployed is a way back, too.
  if (earlier.revision === record.revision && record.phase === 'deployed')
    throw new Fault('conflict', `Revision ${wanted.revision} is what is deployed.`)
  if (earlier.commit === undefined)
    throw new Fault('invalid', `Revision ${wanted.revision} came from no commit, so Git cannot go back to it.`, {
      suggestion: 'Choose a revision that Wheelhouse deployed.',
    })
  const text = await textAt(deps, earlier.commit, release.path)
  const planned = planRollback({
    target: { id: release.id, path: release.path },
    current: await textAt(deps, deps.memory.snapshot?.commit ?? earlier.commit, release.path),
    earlier: { text },
    pin: namesItsCommit(text, release.id) ? { kind: 'none' } : await pinFor(deps, release, earlier, record),
    left: record.images.flatMap(({ container, tag }) => (tag === undefined ? [] : [{ container, tag }])),
    hold: { user: wanted.user, message: wanted.reason, until: wanted.holdUntil },
    valuesFrom: release.valuesFrom,
  })
  if (!planned.ok) throw new Fault('conflict', planned.problem.message, { suggestion: planned.problem.suggestion })
  return {
    changes: [{ kind: 'spec', commit: earlier.commit, earlier: text }, ...planned.changes],
    notRestored: planned.notRestored,
    inputs: earlier.inputs,
  }
}

async function textAt(deps: WorkerDeps, commit: string, path: string): Promise<string> {
  const file = (await deps.git.listFiles(commit)).find((one) => one.path === path)
  const content = file && (await deps.git.readBlobs([file.blob])).get(file.blob)
  if (content?.kind === 'text') return content.text
  throw new Fault('not-found', `${path} was not in the repository at ${commit.slice(0, 7)}.`)
}

/** An earlier document whose chart was pinned brings it back by itself. */
function namesItsCommit(text: string, id: string): boolean {
  const { documents } = parseManifestFile({ path: '', text, blob: '' })
  const spec = documents.find((document) => document.id === id)?.object.spec as
    { chart?: { ref?: unknown } } | undefined
  return typeof spec?.chart?.ref === 'string' && /^[0-9a-f]{40}$/.test(spec.chart.ref)
}

/** The chart stays where it was, if it moved since. */
async function pinFor(
  deps: WorkerDeps,
  release: DesiredRelease,
  earlier: RevisionRecord,
  record: ReleaseRecord,
): Promise<ChartPin> {
  const { commit } = earlier
  const head = deps.memory.snapshot?.commit
  if (release.chart.kind === 'git' && commit !== undefined && head !== undefined) {
    const [then, now] = await Promise.all([
      deps.git.treeId(commit, release.chart.path),
      deps.git.treeId(head, release.chart.path),
    ])
    if (then === now) return { kind: 'none' }
  } else if (earlier.chartVersion === record.chart.version) return { kind: 'none' }
  const spec = deps.memory.snapshot?.documents.find(({ id }) => id === helmReleaseId(record))?.object.spec
  return pinChart(
    { generation: release.generation, chart: release.chart, spec: (spec ?? {}) as Record<string, unknown> },
    { commit, version: earlier.chartVersion },
  )
}
