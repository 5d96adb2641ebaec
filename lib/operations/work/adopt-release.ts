import { decodeHelmRelease } from '#lib/core/release/index.ts'
import type { WorkerDeps } from './deps.ts'
import { patchRelease } from './release-records.ts'
import { requestOf } from './run-helm.ts'
import type { ReleaseView } from './see-release.ts'

/**
 * First sight of an installed release (also after a lost database): rendered and compared with what Helm stored. Equal
 * is the new baseline, without a revision and without a restart; different waits for a person (§9.23).
 */
export async function compareRelease(deps: WorkerDeps, view: ReleaseView): Promise<void> {
  const newest = view.seen.history[0]
  if (!newest || !view.chart || view.seen.inputs === undefined) return
  if (newest.inputs === view.seen.inputs && newest.status === 'deployed') {
    await adoptRelease(deps, view, newest.revision, 'The revision carries the label of exactly these inputs.')
    return
  }
  const rendered = await deps.helm.render(requestOf(deps, view, 'compare'))
  if (rendered.kind === 'failed') {
    await patchRelease(deps, view.record.id, { phase: 'blocked', reason: rendered.message })
    return
  }
  const secret = await deps.cluster.get({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: view.desired.storageNamespace,
    name: `sh.helm.release.v1.${view.desired.releaseName}.v${newest.revision}`,
  })
  const stored = secret && decodeHelmRelease((secret.data as Record<string, string>).release ?? '')
  if (stored && stored.manifest.trim() === rendered.manifest.trim()) {
    await adoptRelease(deps, view, newest.revision, 'The rendered manifest equals the stored one.')
    return
  }
  const own = newest.operation !== undefined
  if (own) {
    // A revision of ours whose inputs moved on while the database was away: Git goes on where it stopped.
    await patchRelease(deps, view.record.id, {
      baseline: { revision: newest.revision, inputs: newest.inputs ?? 'unknown' },
    })
    deps.wakeups.wake('release', view.record.id)
    return
  }
  await patchRelease(deps, view.record.id, {
    phase: 'blocked',
    reason: `Installed by other means at revision ${newest.revision}, and Git would change it. Take it over to let Git decide.`,
    phaseSince: deps.clock.now(),
  })
}

export async function adoptRelease(
  deps: WorkerDeps,
  view: ReleaseView,
  revision: number,
  reason: string,
): Promise<void> {
  const inputs = view.seen.inputs ?? ''
  await deps.store.record([
    {
      at: deps.clock.now(),
      kind: 'release.adopted',
      actor: 'automation',
      subject: view.desired.id,
      environment: view.record.environment,
      release: view.record.id,
      revision,
      reason,
      data: { inputs },
    },
  ])
  await patchRelease(deps, view.record.id, {
    baseline: { revision, inputs, document: view.desired.digest },
    revision,
    asked: undefined,
  })
  deps.wakeups.wake('release', view.record.id)
}
