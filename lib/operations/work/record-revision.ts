import { carrierOf, decodeHelmRelease, type HelmRevisionMeta, type HelmStatus } from '#lib/core/release/index.ts'
import { secretsInManifest } from '#lib/core/redact/index.ts'
import { imagesInValues } from '#lib/core/values/index.ts'
import type { ReleaseRecord, RevisionRecord } from '#lib/ports/store/index.ts'
import { helmKey, helmReleaseId, type WorkerDeps } from './deps.ts'
import { secretsOfValues } from './resolve-values.ts'
import { updateBehind } from './update-behind.ts'

type Deps = Pick<WorkerDeps, 'store' | 'cluster' | 'clock' | 'settings' | 'memory' | 'log' | 'wakeups' | 'redaction'>

/**
 * Copies Helm revisions of one release into the history: metadata, and values and manifest redacted. `key` as in the
 * worker's memory. Never run twice at once for one release, or an older status would overwrite a newer one.
 */
export async function recordRevisions(deps: Deps, key: string, revisions: Iterable<number>): Promise<void> {
  const record = [...deps.memory.releases.values()].find(
    (candidate) => helmKey(candidate.storageNamespace, candidate.releaseName) === key,
  )
  if (!record) return
  if (!(await knowSecrets(deps, record))) {
    deps.memory.unreadRevisions.add(key)
    return
  }
  const { items } = await deps.store.listRevisions(record.id)
  const known = new Map(items.map(({ revision, status }) => [revision, status]))
  for (const revision of revisions) {
    const meta = deps.memory.history?.get(key)?.find((entry) => entry.revision === revision)
    if (!meta || !isNews(meta, known.get(revision))) continue
    await recordRevision(deps, record, key, meta)
    known.set(revision, meta.status)
  }
  await recordStatuses(deps, record.id, key, known)
  await updateBehind(deps, record.application)
}

/**
 * Which texts of the values came out of Secrets has to be known before any of them is kept. False = not until Git was read.
 */
async function knowSecrets(deps: Deps, record: ReleaseRecord): Promise<boolean> {
  const { secrets, snapshot } = deps.memory
  if (secrets.has(record.id) || !record.desired) return true
  const desired = snapshot?.releases.find(({ id }) => id === helmReleaseId(record))
  if (desired) secrets.add(record.id, await secretsOfValues(deps, desired))
  return snapshot !== undefined
}

/** A revision that has ended only changes its status; after a restart most are known already. */
function isNews(meta: HelmRevisionMeta, known: HelmStatus | undefined): boolean {
  if (known === undefined) return true
  return meta.status !== known && (known.startsWith('pending-') || known === 'uninstalling')
}

async function recordRevision(deps: Deps, record: ReleaseRecord, key: string, meta: HelmRevisionMeta): Promise<void> {
  const { revision } = meta
  const secret = await deps.cluster.get({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: record.storageNamespace,
    name: `sh.helm.release.v1.${record.releaseName}.v${revision}`,
  })
  const payload = (secret?.data as Record<string, string> | undefined)?.release
  const stored = payload === undefined ? undefined : decodeHelmRelease(payload)
  if (!stored) return
  const made = await madeFor(deps, key, meta)
  const secrets = [...deps.memory.secrets.of(record.id), ...secretsInManifest(stored.manifest)]
  const entry: RevisionRecord = {
    release: record.id,
    revision,
    status: meta.status,
    updatedAt: stored.lastDeployedAt ?? meta.modifiedAt,
    chartName: stored.chart.name,
    chartVersion: stored.chart.version,
    appVersion: stored.chart.appVersion ?? '',
    description: deps.redaction.reason(stored.description, secrets),
    ...made,
    images: imagesOf(deps, record, stored.config),
    inputs: meta.inputs,
  }
  await deps.store.saveRevision(entry, {
    values: deps.redaction.values(stored.config, secrets),
    manifest: deps.redaction.manifest(stored.manifest, secrets),
  })
  deps.wakeups.wake('outbox')
}

/**
 * What led to a revision. Helm hands its labels on to revisions made by hand: those are nobody's. An operation that the
 * database has lost was automation's all the same.
 */
async function madeFor(
  deps: Deps,
  key: string,
  meta: HelmRevisionMeta,
): Promise<Pick<RevisionRecord, 'operation' | 'commit' | 'cause' | 'actor'>> {
  const operation = meta.operation === undefined ? undefined : await deps.store.getOperation(meta.operation)
  const history = deps.memory.history?.get(key) ?? []
  const isFirst = carrierOf(history, meta.attempt)?.revision === meta.revision
  const isAfter = operation?.revision !== undefined && operation.revision < meta.revision
  if (meta.operation === undefined || !isFirst || isAfter) return { actor: 'helm by hand' }
  return {
    operation: meta.operation,
    commit: operation?.commit ?? meta.commit,
    cause: operation?.reason,
    actor: operation?.actor ?? 'automation',
  }
}

/** Statuses change after a revision was recorded: the one before it is superseded, a pending one is deployed. */
async function recordStatuses(
  deps: Deps,
  release: string,
  key: string,
  known: ReadonlyMap<number, HelmStatus>,
): Promise<void> {
  const metas = deps.memory.history?.get(key) ?? []
  const changed = metas.filter(({ revision, status }) => known.get(revision) !== status)
  await deps.store.setRevisionStatuses(
    release,
    changed.map(({ revision, status }) => ({ revision, status })),
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
