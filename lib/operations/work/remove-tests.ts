import { parse } from 'yaml'
import type { KubeObject } from '#lib/core/manifest/index.ts'
import { decodeHelmRelease } from '#lib/core/release/index.ts'
import type { WorkerDeps } from './deps.ts'
import type { ReleaseView } from './see-release.ts'

/** Deletes what the chart's tests left: Helm itself goes by their delete policy, which most charts do not write. */
export async function removeTests(
  deps: Pick<WorkerDeps, 'cluster' | 'memory' | 'lease'>,
  { desired }: ReleaseView,
): Promise<void> {
  const secrets = await deps.cluster.list(
    { apiVersion: 'v1', kind: 'Secret' },
    { namespace: desired.storageNamespace, labelSelector: `owner=helm,name=${desired.releaseName},status=deployed` },
  )
  const stored = secrets[0] && decodeHelmRelease((secrets[0].data as Record<string, string>).release ?? '')
  for (const { events, manifest } of stored?.hooks ?? []) {
    if (!events.includes('test')) continue
    const { apiVersion, kind, metadata } = parse(manifest) as KubeObject
    deps.lease.assertHeld()
    await deps.cluster.delete({
      apiVersion,
      kind,
      name: metadata.name,
      namespace: metadata.namespace ?? desired.targetNamespace,
    })
  }
}
