import { createHash } from 'node:crypto'
import { Fault } from '#lib/core/fault/index.ts'
import { applyRank, parseObjectId, clusterNamespace, sortForApply } from '#lib/core/manifest/index.ts'
import type { KubeObject, ManifestDocument } from '#lib/core/manifest/index.ts'
import { releaseId } from '#lib/core/identity/index.ts'
import { environmentOf } from '#lib/core/pipeline/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import type { InventoryRecord } from '#lib/ports/store/index.ts'
import { modeOf, type WorkerDeps } from './deps.ts'
import { ensureReleaseCrds } from './ensure-release-crds.ts'

type Deps = Pick<WorkerDeps, 'store' | 'cluster' | 'clock' | 'log' | 'settings' | 'memory' | 'lease' | 'wakeups'>

/** Field manager of everything applied from Git; Helm's objects have Helm's. */
export const fieldManager = 'wheelhouse'

/** Applies at once within one rank; the API server's own fairness does the rest. */
const parallelApplies = 6

export interface ApplyResult {
  applied: number
  /** Documents to try again: their kind, namespace or server was not there yet. */
  retry: boolean
}

/**
 * Brings the snapshot's documents into the cluster by server-side apply, rank by rank; a document that was applied with
 * this very content is left alone without a call. One that fails spoils only itself: its problem stands in the
 * inventory with file and line. HelmReleases go too, as projection of Git (§9.16).
 */
export async function applySnapshot(deps: Deps): Promise<ApplyResult> {
  const snapshot = deps.memory.snapshot
  if (!snapshot || deps.memory.stopped !== undefined) return { applied: 0, retry: false }
  const due = await applicable(
    deps,
    snapshot.documents.filter((document) => isDue(deps, document)),
  )
  if (due.some(isHelmRelease)) await ensureReleaseCrds(deps)
  const result: ApplyResult = { applied: 0, retry: false }
  for (const group of ranks(sortForApply(due))) {
    const queue = [...group]
    const done: InventoryRecord[] = []
    const applier = async () => {
      for (let document = queue.shift(); document; document = queue.shift()) {
        const record = await applyOne(deps, document, snapshot.commit)
        if (record.problem) result.retry = true
        else result.applied++
        done.push(record)
      }
    }
    await Promise.all(Array.from({ length: Math.min(parallelApplies, queue.length) }, applier))
    for (const record of done) deps.memory.inventory.set(record.object, record)
    if (done.length > 0) await deps.store.saveInventory(done)
    for (const record of done) if (!record.problem && record.kind === 'HelmRelease') wakeRelease(deps, record.object)
  }
  return result
}

/** Flux's sources are read from Git; where the cluster does not know these kinds, nothing is missing (§9.17). */
async function applicable(deps: Deps, documents: ManifestDocument[]): Promise<ManifestDocument[]> {
  const kept: ManifestDocument[] = []
  for (const document of documents) {
    const { apiVersion, kind } = document.object
    const isSource = apiVersion.startsWith('source.toolkit.fluxcd.io/')
    if (!isSource || (await deps.cluster.resource(apiVersion, kind))) kept.push(document)
  }
  return kept
}

/** Its status can be written now. */
function wakeRelease(deps: Deps, object: string) {
  const named = parseObjectId(object)
  if (named) deps.wakeups.wake('release', releaseId(deps.settings.clusterName, named.namespace, named.name))
}

function isDue(deps: Deps, document: ManifestDocument): boolean {
  if (modeOf(deps, environmentOf(document.path) ?? '') === 'observe') return false
  const known = deps.memory.inventory.get(document.id)
  return known === undefined || known.digest !== document.digest || known.problem !== undefined
}

function isHelmRelease(document: ManifestDocument): boolean {
  return document.object.kind === 'HelmRelease'
}

function ranks(documents: ManifestDocument[]): ManifestDocument[][] {
  const groups = new Map<number, ManifestDocument[]>()
  for (const document of documents) {
    const rank = applyRank(document.object.kind)
    groups.set(rank, [...(groups.get(rank) ?? []), document])
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group)
}

async function applyOne(deps: Deps, document: ManifestDocument, commit: string): Promise<InventoryRecord> {
  const namespace = parseObjectId(document.id)?.namespace ?? clusterNamespace
  const base = {
    cluster: deps.settings.clusterName,
    object: document.id,
    apiVersion: document.object.apiVersion,
    kind: document.object.kind,
    path: document.path,
    commit,
    digest: document.digest,
    appliedAt: deps.clock.now(),
  }
  const known = deps.memory.inventory.get(document.id)
  deps.lease.assertHeld()
  try {
    const applied = await deps.cluster.apply(labelled(deps, document, namespace), { fieldManager, force: false })
    return { ...base, uid: applied.metadata.uid ?? '' }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const problem: Problem = {
      code: error.code === 'conflict' ? 'field-conflict' : 'apply-failed',
      severity: 'error',
      message: error.message,
      suggestion: error.suggestion,
      path: document.path,
      line: document.line,
      subject: document.id,
    }
    return { ...base, uid: known?.uid ?? '', problem }
  }
}

/** The label that says which source an object comes from; changing URL or branch orphans, never deletes. */
export function sourceLabel(settings: Pick<WorkerDeps['settings'], 'repository' | 'branch'>): string {
  return createHash('sha256').update(`${settings.repository}\n${settings.branch}`).digest('hex').slice(0, 16)
}

function labelled(deps: Deps, document: ManifestDocument, namespace: string): KubeObject {
  const { metadata } = document.object
  return {
    ...document.object,
    metadata: {
      ...metadata,
      ...(namespace === clusterNamespace ? {} : { namespace }),
      labels: { ...metadata.labels, 'wheelhouse.dev/source': sourceLabel(deps.settings) },
    },
  }
}
