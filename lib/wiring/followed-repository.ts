import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readGitHubAddress, type GitHubAddress, type GitHubCredential } from '#lib/adapters/github/index.ts'
import { OutboundFailure, publicAddress } from '#lib/adapters/outbound-http/index.ts'
import type { Config, GitHubAccess } from '#lib/config/config.ts'
import { readEnteredAddress } from '#lib/core/connection/index.ts'
import { connectionBinding, openSealed } from '#lib/core/credential/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { Log } from '#lib/ports/log.ts'
import type { ConnectionRecord, Store } from '#lib/ports/store/index.ts'

/** The config repository that a worker follows, and who named it. */
export interface FollowedRepository {
  source: 'environment' | 'settings'
  /** Another one with every change on the page. */
  version: string
  url: string
  branch: string
  github: { address: GitHubAddress; credential: GitHubCredential } | undefined
  /** For a plain Git host by HTTP, where the address holds none. */
  login: { username: string; password: string } | undefined
  /** Why its credential cannot be used. */
  problem: Fault | undefined
  mirrorDir: string
  /** Mode of an environment nobody has set one for: what a page connects is observed first (semantics.md §9.22). */
  defaultMode: 'observe' | 'act'
  mayReach?: () => Promise<void>
}

/** The environment of the process goes before the settings page. undefined = neither names one. */
export async function followedRepository(
  config: Config,
  store: Pick<Store, 'getConnection'>,
  seed: string,
  log: Log,
): Promise<FollowedRepository | undefined> {
  const { repository } = config
  if (repository !== undefined) return ofEnvironment({ ...config, repository }, log)
  const record = await store.getConnection()
  return record && ofSettings(config, record, seed)
}

/** What tells whether something else is to be followed, without opening any credential. */
export async function followedVersion(
  config: Config,
  store: Pick<Store, 'getConnection'>,
): Promise<string | undefined> {
  if (config.repository !== undefined) return 'environment'
  const record = await store.getConnection()
  return record && versionOf(record)
}

const versionOf = ({ id, savedAt }: ConnectionRecord): string => `${id} ${savedAt}`

async function ofEnvironment(config: Config & { repository: string }, log: Log): Promise<FollowedRepository> {
  const { repository, branch, github, githubApi, defaultMode } = config
  const address = github && readGitHubAddress(repository, githubApi)
  if (github && !address) log.warn('the credential for GitHub is not used: the repository is not there by HTTP')
  return {
    source: 'environment',
    version: 'environment',
    url: repository,
    branch,
    github: github && address && { address, credential: await credentialOf(github) },
    login: undefined,
    problem: undefined,
    mirrorDir: join(config.dataDir, 'mirror'),
    defaultMode,
  }
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

function ofSettings(config: Config, record: ConnectionRecord, seed: string): FollowedRepository {
  const { url, branch } = record
  // What another repository left in a mirror must not look like this one's head before it was fetched.
  const name = createHash('sha256').update(url).digest('hex').slice(0, 16)
  const followed = {
    source: 'settings' as const,
    version: versionOf(record),
    url,
    branch,
    github: undefined,
    login: undefined,
    problem: undefined,
    mirrorDir: join(config.dataDir, `mirror-${name}`),
    defaultMode: 'observe' as const,
    mayReach: () => assertOutside(record, config.insideHosts),
  }
  try {
    return { ...followed, ...opened(record, Buffer.from(seed, 'base64url')) }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { ...followed, problem: unusable(error) }
  }
}

const unusable = (cause: Fault): Fault =>
  new Fault('git-refused', 'The credential of the repository cannot be used.', {
    cause,
    suggestion: cause.suggestion ?? 'Enter it again in Settings, Repository.',
  })

/** Throws Fault `invalid` for what was sealed for another worker or host, and for a GitHub credential elsewhere. */
function opened(record: ConnectionRecord, key: Buffer): Partial<Pick<FollowedRepository, 'github' | 'login'>> {
  const { credential, url } = record
  if (credential.kind === 'none') return {}
  const secret = openSealed(key, credential.sealed, connectionBinding(record))
  if (credential.kind === 'password') return { login: { username: credential.username, password: secret } }
  const address = readGitHubAddress(url)
  if (!address)
    throw new Fault('invalid', 'This is no repository at GitHub.', {
      suggestion: 'GitHub repositories are at https://host/owner/name; for others enter user and password.',
    })
  if (credential.kind === 'github-token') return { github: { address, credential: { kind: 'token', token: secret } } }
  return { github: { address, credential: { kind: 'app', appId: credential.appId, privateKey: secret } } }
}

/** A page may not lead the worker to what only its own network can reach, unless the installation says so. */
async function assertOutside({ url }: ConnectionRecord, insideHosts: readonly string[]): Promise<void> {
  const { host, by } = readEnteredAddress(url)
  const name = host.replace(/:\d+$/, '')
  const bare = name.replace(/^\[|\]$/g, '')
  if (by === 'http' && !insideHosts.includes(bare)) throw notAllowed(`${bare} is to be reached without TLS.`)
  await publicAddress(name, insideHosts).catch((error: unknown) => {
    if (error instanceof OutboundFailure && error.reason === 'inside')
      throw notAllowed(`${bare} is an address of the inside.`)
    throw new Fault('git-unreachable', `${bare} cannot be found.`, { retryable: true, cause: error })
  })
}

const notAllowed = (message: string): Fault =>
  new Fault('git-refused', message, {
    suggestion: 'If the repository is meant to be there, name the host in WHEELHOUSE_INSIDE_HOSTS of the worker.',
  })
