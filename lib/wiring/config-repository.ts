import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createGitRepository, type GitRepository, type SshAccess } from '#lib/adapters/git/index.ts'
import {
  createGitHost,
  createGitHubRepository,
  readGitHubAddress,
  type GitHubCredential,
} from '#lib/adapters/github/index.ts'
import type { Config, GitHubAccess } from '#lib/config/config.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { sshHostOf } from '#lib/core/ssh/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { RepositoryReach } from '#lib/ports/config-repository.ts'
import type { GitHost } from '#lib/ports/git-host.ts'
import type { Log } from '#lib/ports/log.ts'

/** Until one answer of Git or the API is there. */
const timeoutMs = 30_000

interface Parts {
  committer: { name: string; email: string }
  ssh: SshAccess
  clock: Clock
  log: Log
}

/**
 * The config repository: at GitHub where a credential for it is given and the address is one of HTTP, else by Git alone
 * (SSH has the deploy key, a local path needs nothing).
 */
export async function openConfigRepository(
  config: Config & { repository: string },
  { committer, ssh, clock, log }: Parts,
): Promise<GitRepository> {
  const git = {
    url: config.repository,
    branch: config.branch,
    mirrorDir: join(config.dataDir, 'mirror'),
    committer,
    ssh,
    timeoutMs,
    log,
  }
  const address = config.github && readGitHubAddress(config.repository, config.githubApi)
  if (config.github && !address) log.warn('the credential for GitHub is not used: the repository is not there by HTTP')
  if (!config.github || !address) return createGitRepository(git)
  return createGitHubRepository({ ...git, address, credential: await credentialOf(config.github), clock })
}

/** What its host knows beyond Git, under the same conditions. */
export async function openGitHost(config: Config & { repository: string }, clock: Clock): Promise<GitHost | undefined> {
  const address = config.github && readGitHubAddress(config.repository, config.githubApi)
  if (!config.github || !address) return undefined
  return createGitHost({ address, credential: await credentialOf(config.github), clock, timeoutMs })
}

/** By what the repository is reached, as `openConfigRepository` does it. */
export function reachOf({ repository, github, githubApi }: Config & { repository: string }): RepositoryReach {
  const sshHost = sshHostOf(repository)
  if (sshHost !== undefined) return { kind: 'deploy-key', host: sshHost }
  const url = URL.canParse(repository) ? new URL(repository) : undefined
  if (!url || !['https:', 'http:'].includes(url.protocol)) return { kind: 'local' }
  const { host } = url
  if (github && readGitHubAddress(repository, githubApi))
    return github.kind === 'app' ? { kind: 'github-app', host, appId: github.appId } : { kind: 'github-token', host }
  return { kind: url.password === '' ? 'anonymous' : 'password', host }
}

export async function credentialOf(access: GitHubAccess): Promise<GitHubCredential> {
  if (access.kind === 'token') return access
  const privateKey = await readFile(access.keyFile, 'utf8').catch((cause: unknown) => {
    throw new Fault('invalid', 'The key of the GitHub App cannot be read.', {
      cause,
      suggestion: 'Set WHEELHOUSE_GITHUB_APP_KEY to the PEM file that GitHub made for the App.',
    })
  })
  return { kind: 'app', appId: access.appId, privateKey }
}
