import { createSourceHost, readGitHubAddress, type GitHubCredential } from '#lib/adapters/github/index.ts'
import type { Config } from '#lib/config/config.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { WorkerDeps } from '#lib/operations/work/deps.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { SourceHost } from '#lib/ports/source-host.ts'
import { credentialOf, type FollowedRepository } from './followed-repository.ts'

const githubApi = 'https://api.github.com'
/** Until one answer of the API is there. */
const timeoutMs = 30_000

/**
 * Source repositories at the GitHub that the credential is for, and no other: whoever writes `wheelhouse.yaml` must not have
 * it sent elsewhere. Each is opened once, so that what did not change costs no budget.
 */
export async function sourceHosts(
  config: Pick<Config, 'github' | 'githubApi'>,
  followed: Pick<FollowedRepository, 'github'>,
  clock: Clock,
): Promise<WorkerDeps['sourceHost']> {
  const credential = followed.github?.credential ?? (config.github && (await credentialOf(config.github)))
  const apiUrl = followed.github?.address.apiUrl ?? config.githubApi ?? githubApi
  const known = new Map<string, SourceHost>()
  return (source) => {
    if (!credential) {
      throw new Fault('invalid', 'Wheelhouse has no credential for GitHub.', {
        suggestion: 'Set WHEELHOUSE_GITHUB_TOKEN, or give it a GitHub App.',
      })
    }
    const key = source.url ?? `${source.owner}/${source.name}`
    const host = known.get(key) ?? openSource(source, { apiUrl, credential, clock })
    known.set(key, host)
    return host
  }
}

function openSource(
  { owner, name, url }: Parameters<WorkerDeps['sourceHost']>[0],
  { apiUrl, credential, clock }: { apiUrl: string; credential: GitHubCredential; clock: Clock },
): SourceHost {
  const address = url === undefined ? { owner, repo: name, apiUrl } : readGitHubAddress(url, apiUrl)
  if (!address) {
    throw new Fault('invalid', `${url} is not at ${new URL(apiUrl).host}, which the credential for GitHub is for.`, {
      suggestion: 'Name a repository that is there, as owner/name.',
    })
  }
  return createSourceHost({ address, credential, clock, timeoutMs })
}
