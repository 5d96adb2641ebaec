import { kindsInManifest } from '#lib/core/manifest/index.ts'
import type { ReleaseRecord } from '#lib/ports/store/index.ts'
import { helmKey, type WorkerDeps } from './deps.ts'

/**
 * The kinds of what uninstalling a release takes along, by the manifests kept of the revisions that may have objects in
 * the cluster. Nothing if one of them is not known; none for a release that is not installed.
 */
export async function kindsInRelease(
  deps: Pick<WorkerDeps, 'store' | 'memory'>,
  { id, storageNamespace, releaseName }: ReleaseRecord,
): Promise<string[] | undefined> {
  const { history } = deps.memory
  if (!history) return undefined
  const kinds = new Set<string>()
  for (const { revision, status } of history.get(helmKey(storageNamespace, releaseName)) ?? []) {
    if (status === 'superseded' || status === 'uninstalled') continue
    const content = await deps.store.revisionContent(id, revision)
    const found = content && kindsInManifest(content.manifest)
    if (!found) return undefined
    for (const kind of found) kinds.add(kind)
  }
  return [...kinds]
}
