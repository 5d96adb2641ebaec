import { createGitRepository, type GitRepository, type SshAccess } from '#lib/adapters/git/index.ts'
import { createGitHost, createGitHubRepository } from '#lib/adapters/github/index.ts'
import type { LaunchChild } from '#lib/adapters/launcher/index.ts'
import { sshHostOf } from '#lib/core/ssh/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { RepositoryReach } from '#lib/core/connection/index.ts'
import type { GitHost } from '#lib/ports/git-host.ts'
import type { Log } from '#lib/ports/log.ts'
import type { FollowedRepository } from './followed-repository.ts'

/** Until one answer of Git or the API is there. */
const timeoutMs = 30_000

interface Parts {
  committer: { name: string; email: string }
  ssh: SshAccess
  launch?: LaunchChild
  clock: Clock
  log: Log
}

/**
 * The config repository: at GitHub where a credential for it is given and the address is one of HTTP, else by Git alone
 * (SSH has the deploy key, a local path needs nothing).
 */
export function openConfigRepository(followed: FollowedRepository, { clock, ...parts }: Parts): GitRepository {
  const { url, branch, mirrorDir, mayReach, github, login, problem } = followed
  const git = { url, branch, mirrorDir, mayReach, timeoutMs, ...parts }
  if (problem) return createGitRepository({ ...git, identity: () => Promise.reject(problem) })
  if (github) return createGitHubRepository({ ...git, ...github, clock })
  return createGitRepository({ ...git, identity: login })
}

/** What its host knows beyond Git, under the same conditions; undefined also where it must not be reached. */
export async function openGitHost(followed: FollowedRepository, clock: Clock): Promise<GitHost | undefined> {
  if (!followed.github) return undefined
  const allowed = await followed.mayReach?.().then(
    () => true,
    () => false,
  )
  return allowed === false ? undefined : createGitHost({ ...followed.github, clock, timeoutMs })
}

/** By what the repository is reached, as `openConfigRepository` does it. */
export function reachOf({ url: text, github, login }: FollowedRepository): RepositoryReach {
  const sshHost = sshHostOf(text)
  if (sshHost !== undefined) return { kind: 'deploy-key', host: sshHost }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['https:', 'http:'].includes(url.protocol)) return { kind: 'local' }
  const { host } = url
  if (github?.credential.kind === 'app') return { kind: 'github-app', host, appId: github.credential.appId }
  if (github) return { kind: 'github-token', host }
  return { kind: login || url.password !== '' ? 'password' : 'anonymous', host }
}
