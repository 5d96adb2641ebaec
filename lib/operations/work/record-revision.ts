import { decodeHelmRelease, redactValues, type HelmRevisionMeta } from '#lib/core/release/index.ts'
import { helmLabels } from '#lib/core/release/types.ts'
import { redactManifest } from '#lib/core/redact/index.ts'
import { imagesInValues } from '#lib/core/values/index.ts'
import type { ReleaseRecord, RevisionRecord } from '#lib/ports/store/index.ts'
import { helmKey, helmReleaseId, type WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'store' | 'cluster' | 'memory' | 'log' | 'wakeups'>

/**
 * Copies Helm revisions of one release into the history: metadata, and values and manifest redacted. `key` as in the
 * worker's memory. Never run twice at once for one release, or an older status would overwrite a newer one.
 */
export async function recordRevisions(deps: Deps, key: string, revisions: Iterable<number>): Promise<void> {
  const record = [...deps.memory.releases.values()].find(
    (candidate) => helmKey(candidate.storageNamespace, candidate.releaseName) === key,
  )
  if (!record) return
  for (const revision of revisions) {
    const meta = deps.memory.history?.get(key)?.find((entry) => entry.revision === revision)
    if (meta) await recordRevision(deps, record, meta)
  }
  await recordStatuses(deps, record.id, key)
}

async function recordRevision(deps: Deps, record: ReleaseRecord, meta: HelmRevisionMeta): Promise<void> {
  const { revision } = meta
  const secret = await deps.cluster.get({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: record.storageNamespace,
    name: `sh.helm.release.v1.${record.releaseName}.v${revision}`,
  })
  const payload = (secret?.data as Record<string, string> | undefined)?.release
  if (!secret || payload === undefined) return
  const stored = decodeHelmRelease(payload)
  if (!stored) return
  const operation = meta.operation ? await deps.store.getOperation(meta.operation) : undefined
  const labels = secret.metadata.labels ?? {}
  const entry: RevisionRecord = {
    release: record.id,
    revision,
    status: meta.status,
    updatedAt: stored.lastDeployedAt ?? meta.modifiedAt,
    chartName: stored.chart.name,
    chartVersion: stored.chart.version,
    appVersion: stored.chart.appVersion ?? '',
    description: stored.description,
    operation: meta.operation,
    commit: labels[helmLabels.commit] ?? operation?.commit,
    cause: operation?.reason,
    actor: operation?.actor ?? (meta.operation ? 'automation' : 'helm by hand'),
    images: imagesOf(deps, record, stored.config),
    inputs: meta.inputs,
  }
  await deps.store.saveRevision(entry, {
    values: redactValues(stored.config),
    manifest: redactManifest(stored.manifest),
  })
  deps.wakeups.wake('outbox')
}

/** Statuses change after a revision was recorded: the one before it is superseded, a pending one is deployed. */
async function recordStatuses(deps: Deps, release: string, key: string): Promise<void> {
  const metas = deps.memory.history?.get(key) ?? []
  await deps.store.setRevisionStatuses(
    release,
    metas.map(({ revision, status }) => ({ revision, status })),
  )
}

/** What the revision itself was given; Git may say something newer by now. */
function imagesOf(deps: Deps, record: ReleaseRecord, config: Record<string, unknown>): RevisionRecord['images'] {
  const desired = deps.memory.snapshot?.releases.find(({ id }) => id === helmReleaseId(record))
  return imagesInValues(config, desired?.annotations ?? {}).map(({ name, image }) => ({
    container: name,
    image: image.written,
  }))
}
