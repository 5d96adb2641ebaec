import { Fault } from '#lib/core/fault/index.ts'
import { applyRank, clusterNamespace, objectId, parseObjectId, sortForApply } from '#lib/core/manifest/index.ts'
import type { KubeObject, ManifestDocument, ObjectId } from '#lib/core/manifest/index.ts'
import { releaseId } from '#lib/core/identity/index.ts'
import { readIgnore } from '#lib/core/policy/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import type { InventoryRecord } from '#lib/ports/store/index.ts'
import { closeBatch, openBatch } from './apply-batch.ts'
import type { WorkerDeps } from './deps.ts'
import { documentPlaces } from './document-place.ts'
import { createReleaseCrds, missingReleaseCrds } from './ensure-release-crds.ts'
import { sourceLabel } from './source-label.ts'

type Deps = Pick<
  WorkerDeps,
  'store' | 'cluster' | 'clock' | 'log' | 'settings' | 'memory' | 'lease' | 'wakeups' | 'newId'
>

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
  if (!snapshot) return { applied: 0, retry: false }
  const due = await applicable(deps, dueDocuments(deps, snapshot.documents))
  const definitions = due.some(isHelmRelease) ? await missingReleaseCrds(deps) : []
  const objects = [...definitions.map((crd) => ({ id: objectId(crd), digest: '' })), ...due]
  const batch = await openBatch(deps, snapshot.commit, objects)
  if (!batch) return { applied: 0, retry: false }
  const failed: { id: ObjectId; message: string }[] = await createReleaseCrds(deps, definitions)
  for (const group of ranks(sortForApply(due))) {
    const queue = [...group]
    const done: InventoryRecord[] = []
    const applier = async () => {
      for (let document = queue.shift(); document; document = queue.shift())
        done.push(await applyOne(deps, document, snapshot.commit))
    }
    await Promise.all(Array.from({ length: Math.min(parallelApplies, queue.length) }, applier))
    for (const record of done) deps.memory.inventory.set(record.object, record)
    await deps.store.saveInventory(done)
    for (const { object, kind, problem } of done) {
      if (problem) failed.push({ id: object, message: problem.message })
      else if (kind === 'HelmRelease') wakeRelease(deps, object)
    }
  }
  await closeBatch(deps, batch, failed)
  return { applied: objects.length - failed.length, retry: failed.length > 0 }
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

/** What is not in the cluster as Git has it, belongs where Wheelhouse acts, and is not to be ignored. */
function dueDocuments(deps: Deps, documents: readonly ManifestDocument[]): ManifestDocument[] {
  const { inventory } = deps.memory
  const source = sourceLabel(deps)
  const placeOf = documentPlaces(deps)
  return documents.filter((document) => {
    const known = inventory.get(document.id)
    const isApplied = known?.digest === document.digest && known.source === source && known.problem === undefined
    if (isApplied || readIgnore(document.object.metadata.annotations ?? {}) === 'all') return false
    const { mode, stopped } = placeOf(document)
    return mode === 'act' && stopped === undefined
  })
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
    source: sourceLabel(deps),
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

function labelled(deps: Deps, document: ManifestDocument, namespace: string): KubeObject {
  const { metadata } = document.object
  return {
    ...document.object,
    metadata: {
      ...metadata,
      ...(namespace === clusterNamespace ? {} : { namespace }),
      labels: { ...metadata.labels, 'wheelhouse.dev/source': sourceLabel(deps) },
    },
  }
}
