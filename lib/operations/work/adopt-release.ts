import { decodeHelmRelease } from '#lib/core/release/index.ts'
import type { WorkerDeps } from './deps.ts'
import { patchRelease } from './release-records.ts'
import { requestOf } from './run-helm.ts'
import type { ReleaseView } from './see-release.ts'

/**
 * First sight of an installed release (also after a lost database): what Git would deploy against what Helm stored. The
 * verdict is kept for this revision and these inputs; the next decision adopts or asks (§9.23).
 */
export async function compareRelease(deps: WorkerDeps, view: ReleaseView): Promise<void> {
  const newest = view.seen.history[0]
  const { inputs } = view.seen
  if (!newest || !view.chart || inputs === undefined) return
  const equal = newest.inputs === inputs || (await rendersAsStored(deps, view, newest.revision))
  const verdict = equal ? ('equal' as const) : ('different' as const)
  deps.memory.adoption.set(view.record.id, { revision: newest.revision, inputs, verdict })
  deps.wakeups.wake('release', view.record.id)
}

async function rendersAsStored(deps: WorkerDeps, view: ReleaseView, revision: number): Promise<boolean> {
  const rendered = await deps.helm.render(requestOf(deps, view, 'compare'))
  if (rendered.kind === 'failed') return false
  const secret = await deps.cluster.get({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: view.desired.storageNamespace,
    name: `sh.helm.release.v1.${view.desired.releaseName}.v${revision}`,
  })
  const stored = secret && decodeHelmRelease((secret.data as Record<string, string>).release ?? '')
  return stored?.manifest.trim() === rendered.manifest.trim()
}

/** Takes a revision as what Git says, without a new one and without a restart. */
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
