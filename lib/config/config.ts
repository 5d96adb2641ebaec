import { resolve } from 'node:path'
import { z } from 'zod'

const text = z.string().trim().min(1)
const milliseconds = z.coerce.number().int().min(100).max(86_400_000)
const httpUrl = z.url({ protocol: /^https?$/ })

/** The environment variables Wheelhouse reads, by their own names. An empty one counts as absent. */
const Environment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  WHEELHOUSE_DATA: text.default('.wheelhouse/data'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: text.default('127.0.0.1'),
  WEB_URL: httpUrl.optional(),
  WHEELHOUSE_REPOSITORY: text.optional(),
  WHEELHOUSE_BRANCH: text.regex(/^[^-\s][^\s]*$/, 'not a branch name').default('main'),
  WHEELHOUSE_GITHUB_TOKEN: text.optional(),
  WHEELHOUSE_GITHUB_APP_ID: text
    .regex(/^(\d+|Iv[\w.]+)$/, 'neither the id nor the client id of a GitHub App')
    .optional(),
  WHEELHOUSE_GITHUB_APP_KEY: text.optional(),
  WHEELHOUSE_GITHUB_API: httpUrl.optional(),
  WHEELHOUSE_KUBECONFIG: text.optional(),
  WHEELHOUSE_HELM: text.default('helm'),
  WHEELHOUSE_MODE: z.enum(['observe', 'act']).default('observe'),
  WHEELHOUSE_INSECURE_REGISTRIES: z.string().default(''),
  WHEELHOUSE_INSIDE_HOSTS: z.string().default(''),
  WHEELHOUSE_DOCKER_CONFIG: text.optional(),
  WHEELHOUSE_PUSH_CONFIG: text.optional(),
  WHEELHOUSE_WORKER_KEY: text.min(32, 'needs at least 32 characters').optional(),
  WHEELHOUSE_WEB_KEY: text.min(32, 'needs at least 32 characters').optional(),
  WHEELHOUSE_TRUSTED_PROXY: z.enum(['0', '1']).default('0'),
  WHEELHOUSE_HOOK_SECRET: text.min(16, 'needs at least 16 characters').optional(),
  WHEELHOUSE_BOOTSTRAP: text.optional(),
  WHEELHOUSE_CLUSTER_NAME: text.max(63).default('default'),
  WHEELHOUSE_POLL_INTERVAL_MS: milliseconds.default(300_000),
  WHEELHOUSE_SCAN_INTERVAL_MS: milliseconds.default(300_000),
  WHEELHOUSE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  WHEELHOUSE_NO_WORKER: z.string().optional(),
  WHEELHOUSE_CRASH_AT: text.optional(),
})

/** What the installation has at GitHub. `keyFile`: PEM. */
export type GitHubAccess = { kind: 'token'; token: string } | { kind: 'app'; appId: string; keyFile: string }

export interface Config {
  /** Absent = an embedded server in `dataDir`. */
  databaseUrl: string | undefined
  /** Absolute. */
  dataDir: string
  port: number
  host: string
  /** Where people reach the dashboard, without a trailing slash. */
  webUrl: string
  /** Git URL or path of the config repository. May hold credentials: never shown. */
  repository: string | undefined
  branch: string
  /** Absent = the repository is plain Git. */
  github: GitHubAccess | undefined
  /** Base URL of GitHub's API; absent = that of the repository's host. */
  githubApi: string | undefined
  kubeconfig: string | undefined
  /** Path or name of the helm program. */
  helm: string
  /** Mode of an environment nobody has set one for. */
  defaultMode: 'observe' | 'act'
  /** Registry hosts that may be spoken to without TLS. */
  insecureRegistries: string[]
  /** Hosts of this machine or network: notifications may go there, issuers (these also without TLS) and registries be there. */
  insideHosts: string[]
  /** A docker `config.json` with credentials for registries. */
  dockerConfig: string | undefined
  /** A docker `config.json` that names the repositories promotions may tag in. */
  pushConfig: string | undefined
  /** Shared by all workers of an installation; absent = one of its own in `dataDir`. */
  workerKey: string | undefined
  /** Shared by all web processes of an installation; absent = one of its own in `dataDir`. */
  webKey: string | undefined
  /** A proxy stands before the web process, and what it says of a client's address is true. */
  trustedProxy: boolean
  /** Absent = webhooks are refused. */
  hookSecret: string | undefined
  /** Where start writes addresses, token and sign-in links for whoever started it. */
  bootstrapFile: string | undefined
  clusterName: string
  pollIntervalMs: number
  scanIntervalMs: number
  logLevel: 'debug' | 'info' | 'warn' | 'error'
  noWorker: boolean
  /** Fault harness: a file that names the step at which the worker ends itself. */
  crashAt: string | undefined
}

/** Names every bad variable at once. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`The environment is not right:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}

/** Throws ConfigError. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`))
  const seen = parsed.data
  const github = readGitHubAccess(seen)
  return {
    databaseUrl: seen.DATABASE_URL,
    dataDir: resolve(seen.WHEELHOUSE_DATA),
    port: seen.PORT,
    host: seen.HOST,
    webUrl: (seen.WEB_URL ?? `http://${urlHost(seen.HOST)}:${seen.PORT}`).replace(/\/+$/, ''),
    repository: seen.WHEELHOUSE_REPOSITORY,
    branch: seen.WHEELHOUSE_BRANCH,
    github,
    githubApi: seen.WHEELHOUSE_GITHUB_API,
    kubeconfig: seen.WHEELHOUSE_KUBECONFIG,
    helm: seen.WHEELHOUSE_HELM,
    defaultMode: seen.WHEELHOUSE_MODE,
    insecureRegistries: hostsIn(seen.WHEELHOUSE_INSECURE_REGISTRIES),
    insideHosts: hostsIn(seen.WHEELHOUSE_INSIDE_HOSTS),
    dockerConfig: seen.WHEELHOUSE_DOCKER_CONFIG,
    pushConfig: seen.WHEELHOUSE_PUSH_CONFIG,
    workerKey: seen.WHEELHOUSE_WORKER_KEY,
    webKey: seen.WHEELHOUSE_WEB_KEY,
    trustedProxy: seen.WHEELHOUSE_TRUSTED_PROXY === '1',
    hookSecret: seen.WHEELHOUSE_HOOK_SECRET,
    bootstrapFile: seen.WHEELHOUSE_BOOTSTRAP,
    clusterName: seen.WHEELHOUSE_CLUSTER_NAME,
    pollIntervalMs: seen.WHEELHOUSE_POLL_INTERVAL_MS,
    scanIntervalMs: seen.WHEELHOUSE_SCAN_INTERVAL_MS,
    logLevel: seen.WHEELHOUSE_LOG_LEVEL,
    noWorker: seen.WHEELHOUSE_NO_WORKER !== undefined,
    crashAt: seen.WHEELHOUSE_CRASH_AT,
  }
}

/** One of both, or neither; half an App is a mistake. */
function readGitHubAccess(seen: z.infer<typeof Environment>): GitHubAccess | undefined {
  const [token, appId, keyFile] = [
    seen.WHEELHOUSE_GITHUB_TOKEN,
    seen.WHEELHOUSE_GITHUB_APP_ID,
    seen.WHEELHOUSE_GITHUB_APP_KEY,
  ]
  if (token !== undefined && (appId ?? keyFile) !== undefined)
    throw new ConfigError(['WHEELHOUSE_GITHUB_TOKEN: leave it out where a GitHub App is given'])
  if (token !== undefined) return { kind: 'token', token }
  if (appId === undefined && keyFile === undefined) return undefined
  if (appId === undefined) throw new ConfigError(['WHEELHOUSE_GITHUB_APP_ID: belongs to WHEELHOUSE_GITHUB_APP_KEY'])
  if (keyFile === undefined) throw new ConfigError(['WHEELHOUSE_GITHUB_APP_KEY: belongs to WHEELHOUSE_GITHUB_APP_ID'])
  return { kind: 'app', appId, keyFile: resolve(keyFile) }
}

const hostsIn = (list: string): string[] =>
  list
    .split(',')
    .map((host) => host.trim())
    .filter(Boolean)

/** A URL for people: nobody can open `0.0.0.0`, and IPv6 wants brackets. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
