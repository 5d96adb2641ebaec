import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { parseAllDocuments } from 'yaml'
import type { KubeApi } from './world/kube-api.ts'
import type { GitAddress } from './world/types.ts'

const run = promisify(execFile)

interface HelmReleaseDocument {
  kind?: string
  metadata?: { name?: string; namespace?: string }
  spec?: { releaseName?: string }
}

/** `namespace/name` of every Helm release that the repository's head asks for. */
export async function releasesInGit({ barePath, branch }: GitAddress): Promise<string[]> {
  const git = async (...args: string[]) => (await run('git', ['--git-dir', barePath, ...args])).stdout
  const files = (await git('ls-tree', '-r', '--name-only', branch, 'releases/')).split('\n').filter(Boolean)
  const found: string[] = []
  for (const file of files)
    for (const document of parseAllDocuments(await git('show', `${branch}:${file}`))) {
      const { kind, metadata, spec } = (document.toJS() ?? {}) as HelmReleaseDocument
      // Every release of the template states its releaseName; a visitor's own may not, and is not waited for.
      if (kind === 'HelmRelease' && spec?.releaseName) found.push(`${metadata?.namespace}/${spec.releaseName}`)
    }
  return found
}

/** `namespace/name` of every release that Helm's Secrets call deployed. */
export async function deployedReleases(api: KubeApi): Promise<Set<string>> {
  const selector = encodeURIComponent('owner=helm,status=deployed')
  const { status, body } = await api.get(`/api/v1/secrets?labelSelector=${selector}`)
  if (status !== 200) return new Set()
  const { items } = body as { items: { metadata: { namespace: string; labels: Record<string, string> } }[] }
  return new Set(items.map(({ metadata }) => `${metadata.namespace}/${metadata.labels.name}`))
}
