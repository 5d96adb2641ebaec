import { decodeHelmRelease } from '#lib/core/release/index.ts'
import { helmKey, type WorkerDeps } from './deps.ts'
import { patchRelease } from './release-records.ts'
import { baselineOf, quoteHelm, requestOf } from './run-helm.ts'
import type { ReleaseView } from './see-release.ts'

/** A chart that does not render now may do so when the API server knows its kinds. */
const compareAgainMs = 60_000

/**
 * First sight of an installed release (also after a lost database): what Git would deploy against what Helm stored. The
 * verdict is kept for this revision and these inputs; the next decision adopts or asks (§9.23). Returns when to try again
 * where nothing could be rendered (milliseconds since the epoch).
 */
export async function compareRelease(deps: WorkerDeps, view: ReleaseView): Promise<number | undefined> {
  const newest = view.seen.history[0]
  const { inputs } = view.seen
  if (!newest || !view.chart || inputs === undefined) return undefined
  const verdict = newest.inputs === inputs ? 'equal' : await rendersAsStored(deps, view, newest.revision)
  if (verdict !== 'equal' && verdict !== 'different') {
    const reason = `Revision ${newest.revision} cannot be compared with Git yet: ${verdict.failed}`
    await patchRelease(deps, view.record.id, { phase: 'waiting', reason })
    return deps.clock.now() + compareAgainMs
  }
  deps.memory.adoption.set(view.record.id, { revision: newest.revision, inputs, verdict })
  deps.wakeups.wake('release', view.record.id)
  return undefined
}

async function rendersAsStored(
  deps: WorkerDeps,
  view: ReleaseView,
  revision: number,
): Promise<'equal' | 'different' | { failed: string }> {
  const rendered = await deps.helm.render(requestOf(deps, view, { id: 'compare', operation: 'compare' }))
  if (rendered.kind === 'failed') return { failed: quoteHelm(deps, view.record.id, rendered.message) }
  const secret = await deps.cluster.get({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: view.desired.storageNamespace,
    name: `sh.helm.release.v1.${view.desired.releaseName}.v${revision}`,
  })
  const stored = secret && decodeHelmRelease((secret.data as Record<string, string>).release ?? '')
  return stored?.manifest.trim() === rendered.manifest.trim() ? 'equal' : 'different'
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
    baseline: baselineOf(deps, view, revision, inputs),
    revision,
    asked: undefined,
  })
  // Its revisions were seen before anybody knew whose they are.
  deps.wakeups.wake('revision', helmKey(view.desired.storageNamespace, view.desired.releaseName))
  deps.wakeups.wake('release', view.record.id)
}
