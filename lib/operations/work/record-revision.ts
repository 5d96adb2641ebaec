import { decodeHelmRelease, redactValues } from '#lib/core/release/index.ts'
import { helmLabels } from '#lib/core/release/types.ts'
import { redactManifest } from '#lib/core/redact/index.ts'
import type { RevisionRecord } from '#lib/ports/store/index.ts'
import { helmKey, type WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'store' | 'cluster' | 'memory' | 'log' | 'wakeups'>

/**
 * Copies one Helm revision into the history: metadata, and values and manifest redacted. The statuses of the older ones
 * follow from the watch. `key` as in the worker's memory.
 */
export async function recordRevision(deps: Deps, key: string, revision: number): Promise<void> {
  const record = [...deps.memory.releases.values()].find(
    (candidate) => helmKey(candidate.storageNamespace, candidate.releaseName) === key,
  )
  const metas = deps.memory.history?.get(key) ?? []
  const meta = metas.find((entry) => entry.revision === revision)
  if (!record || !meta) return
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
    images: record.images.map(({ container, image }) => ({ container, image })),
    inputs: meta.inputs,
  }
  await deps.store.saveRevision(entry, {
    values: redactValues(stored.config),
    manifest: redactManifest(stored.manifest),
  })
  await deps.store.setRevisionStatuses(
    record.id,
    metas.map((other) => ({ revision: other.revision, status: other.status })),
  )
  deps.wakeups.wake('outbox')
}
