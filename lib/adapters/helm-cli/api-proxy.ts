import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { Agent, ClientRequest, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { KindToCome } from '#lib/ports/helm.ts'
import { discoveryToCome, isDiscoveryToCome } from './discovery-to-come.ts'

/** How to reach the API server with the worker's own identity. */
export interface ApiServerReach {
  server: URL
  agent: Agent
  /** Authorization, fresh for each request. */
  headers(): Promise<OutgoingHttpHeaders>
}

interface Differences {
  /** Where the objects go; `.Release.Namespace`. */
  namespace: string
  /** Where the release Secrets live. */
  storageNamespace: string
  /** Told as if they were defined. */
  kindsToCome: readonly KindToCome[]
}

/**
 * Runs with a kubeconfig for one helm process that is to see the API server differently: its release records go to another
 * namespace than its objects, or it knows kinds that an installation will define first and a dry run does not.
 *
 * The helm command has one `--namespace` for both; only its library can split them, as Flux's helm-controller does. So
 * this one process talks through a proxy on loopback that moves requests for release Secrets, and nothing else, to
 * `storageNamespace`. Their bodies name no namespace, so only the path changes; the stored record keeps the target
 * namespace, which is what helm-controller writes too. Answers about which kinds there are get those to come added. Its address holds a secret that stands in a file of mode 0600
 * only: over plain HTTP helm sends no credentials.
 */
export async function withApiProxy<T>(
  reach: () => Promise<ApiServerReach>,
  differences: Differences,
  directory: string,
  run: (kubeconfigPath: string) => Promise<T>,
): Promise<T> {
  const upstream = await reach()
  const secret = randomBytes(32).toString('base64url')
  const server = http.createServer((request, response) => {
    if (!startsWithSecret(request.url ?? '', `/${secret}/`)) {
      response.writeHead(404).end()
      return
    }
    request.url = (request.url ?? '').slice(secret.length + 1)
    const answer = isDiscovery(request, differences) ? answerDiscovery : forward
    answer(upstream, differences, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else response.writeHead(503).end(error instanceof Error ? error.message : String(error))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const { port } = server.address() as AddressInfo
    const kubeconfigPath = join(directory, 'kubeconfig')
    await writeFile(kubeconfigPath, kubeconfigFor(port, secret), { mode: 0o600 })
    return await run(kubeconfigPath)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

async function forward(
  upstream: ApiServerReach,
  differences: Differences,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = isSecretCreation(request, differences) ? await readBody(request) : undefined
  const outgoing = await passOn(upstream, request, storagePath(request, differences, body))
  response.once('close', () => outgoing.destroy())
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>
  if (body === undefined) request.pipe(outgoing)
  else outgoing.end(body)
  const [answer] = await answered
  outgoing.on('error', () => response.destroy())
  answer.on('error', () => response.destroy())
  response.writeHead(answer.statusCode ?? 502, answer.headers)
  response.flushHeaders()
  answer.pipe(response)
}

async function passOn(
  upstream: ApiServerReach,
  request: IncomingMessage,
  path: string,
  changed: OutgoingHttpHeaders = {},
): Promise<ClientRequest> {
  const url = new URL(upstream.server.pathname.replace(/\/$/, '') + path, upstream.server)
  const { host: _host, authorization: _none, connection: _connection, ...asked } = request.headers
  const program = url.protocol === 'http:' ? http : https
  return program.request(url, {
    method: request.method,
    agent: upstream.agent,
    headers: { ...asked, ...changed, ...(await upstream.headers()), ...impersonated(asked) },
  })
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0] ?? ''

function isDiscovery(request: IncomingMessage, { kindsToCome }: Differences): boolean {
  return request.method === 'GET' && isDiscoveryToCome(pathOf(request), kindsToCome)
}

/** Asked for in its plain form, in JSON, whatever helm would take, and without what it may have of it. */
async function answerDiscovery(
  upstream: ApiServerReach,
  { kindsToCome }: Differences,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = pathOf(request)
  delete request.headers['if-none-match']
  const plain = { accept: 'application/json', 'accept-encoding': 'identity' }
  const outgoing = await passOn(upstream, request, path, plain)
  response.once('close', () => outgoing.destroy())
  outgoing.end()
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
  const body = await readBody(answer)
  const status = answer.statusCode ?? 502
  if (status !== 200 && status !== 404) return void response.writeHead(status).end(body)
  const known: unknown = status === 200 ? JSON.parse(body.toString('utf8')) : undefined
  const changed = JSON.stringify(discoveryToCome(path, known, kindsToCome))
  response.writeHead(200, { 'content-type': 'application/json' }).end(changed)
}

/** What helm asks for by `--kube-as-user` wins over what the kubeconfig says. */
function impersonated(asked: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(asked).filter(([name]) => name.startsWith('impersonate-')))
}

const recordPrefix = 'sh.helm.release.v1.'

/** The request's path and query, moved to the storage namespace if it is for release records. */
function storagePath(request: IncomingMessage, { namespace, storageNamespace }: Differences, body?: Buffer): string {
  const asked = request.url ?? '/'
  const collection = secretsOf(namespace)
  const [path = '', query = ''] = asked.split('?', 2)
  const isRecord =
    path.startsWith(`${collection}/${recordPrefix}`) ||
    (path === collection && request.method === 'GET' && isRecordQuery(query)) ||
    (body?.includes(recordPrefix) ?? false)
  return isRecord ? secretsOf(storageNamespace) + asked.slice(collection.length) : asked
}

/** Helm lists its records by `owner=helm`; a chart's `lookup` has no selector. */
function isRecordQuery(query: string): boolean {
  return (new URLSearchParams(query).get('labelSelector') ?? '').split(',').includes('owner=helm')
}

/** Objects of a chart are created with a field manager, records without. */
function isSecretCreation(request: IncomingMessage, { namespace }: Differences): boolean {
  const [path, query = ''] = (request.url ?? '').split('?', 2)
  return request.method === 'POST' && path === secretsOf(namespace) && !new URLSearchParams(query).has('fieldManager')
}

function secretsOf(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`
}

/** The API server takes 3 MiB at most. */
const maxBodyBytes = 4 * 1024 * 1024

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) throw new Error('a message is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes)
}

function startsWithSecret(path: string, prefix: string): boolean {
  const given = Buffer.from(path.slice(0, prefix.length))
  const wanted = Buffer.from(prefix)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function kubeconfigFor(port: number, secret: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'proxy',
    contexts: [{ name: 'proxy', context: { cluster: 'proxy', user: 'proxy' } }],
    clusters: [{ name: 'proxy', cluster: { server: `http://127.0.0.1:${port}/${secret}` } }],
    users: [{ name: 'proxy', user: {} }],
  })
}
