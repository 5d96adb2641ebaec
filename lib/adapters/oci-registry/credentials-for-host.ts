import { z } from 'zod'
import { dockerHubHost } from '#lib/core/image/index.ts'

export interface RegistryCredentials {
  username: string
  password: string
}

const Entry = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
})
const DockerConfig = z.object({ auths: z.record(z.string(), z.unknown()) })

/** The names under which docker config files keep Docker Hub. */
const dockerHubNames = new Set([dockerHubHost, 'docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'])

/**
 * Credentials for a registry host out of a docker `config.json`, the content of a `.dockerconfigjson` Secret, or the
 * older `.dockercfg` (no `auths` around it). Keys may carry a scheme and a path; the most specific key for the host alone
 * wins over one with a path. undefined = none, or none that can be read. Credential helpers are not run.
 */
export function credentialsForHost(dockerConfig: string, host: string): RegistryCredentials | undefined {
  const wanted = canonical(host)
  const entries = readEntries(dockerConfig)
  const matching = entries.filter(([key]) => canonical(hostOf(key)) === wanted)
  const ordered = matching.sort(([a], [b]) => pathOf(a).length - pathOf(b).length)
  for (const [, value] of ordered) {
    const credentials = readEntry(value)
    if (credentials) return credentials
  }
  return undefined
}

/**
 * The push credential for one repository: the entry whose key is `host/path`, else the longest one above it. `undefined` = none
 * names it, so nothing may be pushed there; an empty entry allows pushing without a name.
 */
export function pushCredentials(
  dockerConfig: string,
  host: string,
  path: string,
): { credentials: RegistryCredentials | undefined } | undefined {
  const covering = readEntries(dockerConfig).filter(([key]) => {
    const below = pathOf(key)
    return canonical(hostOf(key)) === canonical(host) && (below === '' || covers(below, path))
  })
  const [nearest] = covering.sort(([a], [b]) => pathOf(b).length - pathOf(a).length)
  return nearest && { credentials: readEntry(nearest[1]) }
}

/** One that was entered for a host, or for what is below a path of it. */
export interface EnteredCredentials extends RegistryCredentials {
  host: string
  /** Empty = the whole host. */
  path: string
}

/** The one with the longest path that covers the repository; without a repository the one of the whole host. */
export function enteredFor(
  entered: readonly EnteredCredentials[],
  host: string,
  repository = '',
): RegistryCredentials | undefined {
  const covering = entered.filter(
    (one) => canonical(one.host) === canonical(host) && (one.path === '' || covers(one.path, repository)),
  )
  const [nearest] = covering.sort((left, right) => right.path.length - left.path.length)
  return nearest && { username: nearest.username, password: nearest.password }
}

const covers = (path: string, repository: string): boolean => repository === path || repository.startsWith(`${path}/`)

function readEntries(dockerConfig: string): [string, unknown][] {
  let parsed: unknown
  try {
    parsed = JSON.parse(dockerConfig)
  } catch {
    return []
  }
  const config = DockerConfig.safeParse(parsed)
  if (config.success) return Object.entries(config.data.auths)
  const legacy = z.record(z.string(), z.unknown()).safeParse(parsed)
  return legacy.success ? Object.entries(legacy.data) : []
}

function readEntry(value: unknown): RegistryCredentials | undefined {
  const entry = Entry.safeParse(value)
  if (!entry.success) return undefined
  const { auth, username, password } = entry.data
  if (username !== undefined && username !== '' && password !== undefined) return { username, password }
  const decoded = Buffer.from(auth ?? '', 'base64')
    .toString('utf8')
    .replace(/\0+$/, '')
  const colon = decoded.indexOf(':')
  return colon > 0 ? { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) } : undefined
}

function hostOf(key: string): string {
  return key.replace(/^https?:\/\//i, '').split('/')[0] ?? ''
}

function pathOf(key: string): string {
  return key
    .replace(/^https?:\/\//i, '')
    .split('/')
    .slice(1)
    .join('/')
}

function canonical(host: string): string {
  const lower = host.toLowerCase()
  return dockerHubNames.has(lower) ? dockerHubHost : lower
}
