import { isAbsolute, join } from 'node:path'
import { parse } from 'yaml'
import { Fault } from '#lib/core/fault/index.ts'

/** Bytes given inline (base64 in the file) or read from a file beside the kubeconfig. */
export type KeyMaterial = { kind: 'inline'; pem: Buffer } | { kind: 'file'; path: string }

export type Credential =
  | { kind: 'none' }
  | { kind: 'token'; token: string }
  /** Read again when the file changes, as service account tokens do. */
  | { kind: 'token-file'; path: string }
  | { kind: 'basic'; username: string; password: string }

export interface PlainAccess {
  kind: 'plain'
  server: URL
  ca: KeyMaterial | undefined
  certificate: KeyMaterial | undefined
  key: KeyMaterial | undefined
  credential: Credential
  serverName: string | undefined
  skipTlsVerify: boolean
  impersonate: Record<string, string | string[]>
}

/**
 * What a context of a kubeconfig asks for. `delegated` needs a program of its own or a proxy, which
 * `@kubernetes/client-node` knows how to run; it is loaded only then, because it costs about 90 MB of memory.
 */
export type Access =
  PlainAccess | { kind: 'delegated'; to: 'exec' | 'auth-provider' | 'proxy'; server: URL; context: string }

type Fields = Record<string, unknown>

/**
 * Reads one context of a kubeconfig; `directory` resolves relative paths, as kubectl does.
 * Throws Fault `cluster-unreachable`: retryable for half-written files, else naming what is missing. Never quotes
 * the file, since it holds credentials.
 */
export function parseKubeconfig(text: string, directory: string, contextName?: string): Access {
  const config = parseFields(text)
  const wanted = contextName ?? textOf(config['current-context'])
  if (wanted === undefined) throw incomplete('names no current context')
  const context = entry(config, 'contexts', wanted, 'context')
  const cluster = entry(config, 'clusters', textOf(context['cluster']) ?? '', 'cluster')
  const user = entry(config, 'users', textOf(context['user']) ?? '', 'user')
  const server = serverUrl(textOf(cluster['server']))
  const plugin = pluginOf(user)
  if (plugin !== undefined) return { kind: 'delegated', to: plugin, server, context: wanted }
  if (textOf(cluster['proxy-url']) !== undefined) return { kind: 'delegated', to: 'proxy', server, context: wanted }
  return {
    kind: 'plain',
    server,
    ca: material(cluster, 'certificate-authority', directory),
    certificate: material(user, 'client-certificate', directory),
    key: material(user, 'client-key', directory),
    credential: credentialOf(user, directory),
    serverName: textOf(cluster['tls-server-name']),
    skipTlsVerify: cluster['insecure-skip-tls-verify'] === true,
    impersonate: impersonation(user),
  }
}

const serviceAccountDir = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Access of a pod through its service account; undefined outside a cluster. */
export function inClusterAccess(environment: Record<string, string | undefined>): PlainAccess | undefined {
  const host = environment['KUBERNETES_SERVICE_HOST']
  const port = environment['KUBERNETES_SERVICE_PORT']
  if (!host || !port) return undefined
  return {
    kind: 'plain',
    server: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}/`),
    ca: { kind: 'file', path: join(serviceAccountDir, 'ca.crt') },
    certificate: undefined,
    key: undefined,
    credential: { kind: 'token-file', path: join(serviceAccountDir, 'token') },
    serverName: undefined,
    skipTlsVerify: false,
    impersonate: {},
  }
}

function parseFields(text: string): Fields {
  let parsed: unknown
  try {
    parsed = parse(text)
  } catch {
    // The parser's message quotes the line, which may be a token.
    throw incomplete('is not valid YAML', true)
  }
  if (!isFields(parsed)) throw incomplete('is empty', true)
  return parsed
}

function entry(config: Fields, list: string, name: string, key: string): Fields {
  const all = Array.isArray(config[list]) ? config[list] : []
  const found: unknown = all.find((item: unknown) => isFields(item) && item['name'] === name)
  const body = isFields(found) ? found[key] : undefined
  if (!isFields(body)) throw incomplete(`has no ${key} "${name}"`, true)
  return body
}

function serverUrl(server: string | undefined): URL {
  if (server === undefined || !URL.canParse(server)) throw incomplete('names no server address')
  const url = new URL(server)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw incomplete('names a server that is not https or http')
  return url
}

function pluginOf(user: Fields): 'exec' | 'auth-provider' | undefined {
  if (isFields(user['exec'])) return 'exec'
  return isFields(user['auth-provider']) ? 'auth-provider' : undefined
}

function credentialOf(user: Fields, directory: string): Credential {
  // kubectl: tokenFile wins over token where both stand.
  const tokenFile = textOf(user['tokenFile'])
  if (tokenFile !== undefined) return { kind: 'token-file', path: absolute(directory, tokenFile) }
  const token = textOf(user['token'])
  if (token !== undefined) return { kind: 'token', token }
  const username = textOf(user['username'])
  if (username === undefined) return { kind: 'none' }
  return { kind: 'basic', username, password: textOf(user['password']) ?? '' }
}

function impersonation(user: Fields): Record<string, string | string[]> {
  const as = textOf(user['as'])
  if (as === undefined) return {}
  const groups = Array.isArray(user['as-groups']) ? user['as-groups'].filter((group) => typeof group === 'string') : []
  return { 'Impersonate-User': as, ...(groups.length > 0 ? { 'Impersonate-Group': groups } : {}) }
}

function material(fields: Fields, name: string, directory: string): KeyMaterial | undefined {
  const inline = textOf(fields[`${name}-data`])
  if (inline !== undefined) return { kind: 'inline', pem: Buffer.from(inline, 'base64') }
  const path = textOf(fields[name])
  return path === undefined ? undefined : { kind: 'file', path: absolute(directory, path) }
}

function absolute(directory: string, path: string): string {
  return isAbsolute(path) ? path : join(directory, path)
}

function incomplete(what: string, retryable = false): Fault {
  return new Fault('cluster-unreachable', `The kubeconfig ${what}`, {
    retryable,
    suggestion: 'Write a complete kubeconfig; it is read again as soon as the file changes.',
  })
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
