import { carrierOf, decodeHelmRelease, decideRelease } from '#lib/core/release/index.ts'
import type { ReleaseRecord } from '#lib/ports/store/index.ts'
import { askGates } from './ask-gates.ts'
import { helmKey, helmReleaseId, type WaitingHelm, type WorkerDeps } from './deps.ts'
import { seeRelease, type ReleaseView } from './see-release.ts'

/**
 * A newer commit replaces an upgrade that only waits for its pods (§9.27): its helm is ended, which notes the revision as
 * failed, and the next round deploys what Git says now. One whose chart has hooks is left to end: a hook cut short may
 * have done half of its work.
 */
export async function replaceWaiting(deps: WorkerDeps, id: string): Promise<void> {
  const waiting = deps.memory.waiting.get(id)
  const record = deps.memory.releases.get(id)
  const desired = record && deps.memory.snapshot?.releases.find((release) => release.id === helmReleaseId(record))
  if (!waiting || !desired) return
  const view = await seeRelease(deps, record, desired)
  if (!view || view.seen.inputs === undefined || view.seen.inputs === waiting.inputs) return
  if (!wouldDeploy(deps, view, waiting) || (await askGates(deps, view)).kind !== 'go') return
  if (await onlyWaits(deps, record, waiting)) waiting.replace.abort()
}

/** Ends an upgrade that only waits, for whatever else is to be done now. */
export async function endWaiting(deps: WorkerDeps, id: string): Promise<void> {
  const waiting = deps.memory.waiting.get(id)
  const record = deps.memory.releases.get(id)
  if (waiting && record && (await onlyWaits(deps, record, waiting))) waiting.replace.abort()
}

/** What would be done if the one that waits had never begun. */
function wouldDeploy({ clock }: WorkerDeps, { seen }: ReleaseView, { attempt }: WaitingHelm): boolean {
  const history = seen.history.filter((revision) => revision.attempt !== attempt)
  const { kind } = decideRelease({ ...seen, history, lastAttempt: undefined }, clock.now())
  return kind === 'install' || kind === 'upgrade'
}

/** Its revision stands in the cluster, and no hook comes before or after it. */
async function onlyWaits(
  deps: WorkerDeps,
  { storageNamespace: namespace, releaseName }: Pick<ReleaseRecord, 'storageNamespace' | 'releaseName'>,
  { attempt }: WaitingHelm,
): Promise<boolean> {
  const revision = carrierOf(deps.memory.history?.get(helmKey(namespace, releaseName)) ?? [], attempt)?.revision
  if (revision === undefined) return false
  const name = `sh.helm.release.v1.${releaseName}.v${revision}`
  const secret = await deps.cluster.get({ apiVersion: 'v1', kind: 'Secret', namespace, name })
  const stored = secret && decodeHelmRelease((secret.data as Record<string, string>).release ?? '')
  return (
    stored !== undefined && !stored.hooks.some(({ events }) => events.some((event) => /install|upgrade/.test(event)))
  )
}
