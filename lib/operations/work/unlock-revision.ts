import { gunzipSync, gzipSync } from 'node:zlib'
import type { HelmOutcome, HelmTarget } from '#lib/ports/helm.ts'
import type { WorkerDeps } from './deps.ts'

/**
 * Sets a revision that hangs in `pending-*` or `uninstalling` to `failed`, as helm-controller does, so that Helm takes the next upgrade.
 * The Secret is patched against the version that was read: if anybody moved on meanwhile, nothing is changed.
 */
export async function unlockRevision(
  deps: Pick<WorkerDeps, 'cluster' | 'lease'>,
  target: HelmTarget,
  revision: number,
): Promise<HelmOutcome> {
  const ref = {
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: target.storageNamespace,
    name: `sh.helm.release.v1.${target.releaseName}.v${revision}`,
  }
  const secret = await deps.cluster.get(ref)
  const status = secret?.metadata.labels?.status
  if (!secret || !(status?.startsWith('pending-') || status === 'uninstalling'))
    return { kind: 'succeeded', output: `revision ${revision} is no longer pending` }
  const stored = (secret.data as Record<string, string>).release ?? ''
  const release = JSON.parse(
    gunzipSync(Buffer.from(Buffer.from(stored, 'base64').toString(), 'base64')).toString(),
  ) as {
    info: { status: string; description: string }
  }
  release.info.status = 'failed'
  release.info.description = `Unlocked by Wheelhouse: ${status} with no process left (${release.info.description})`
  const payload = Buffer.from(gzipSync(JSON.stringify(release)).toString('base64')).toString('base64')
  deps.lease.assertHeld()
  await deps.cluster.patch(ref, {
    metadata: { resourceVersion: secret.metadata.resourceVersion, labels: { status: 'failed' } },
    data: { release: payload },
  })
  return { kind: 'succeeded', output: `revision ${revision} set from ${status} to failed` }
}
