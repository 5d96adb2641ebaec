import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a registry does to a request instead of serving it. */
export type RegistryFault =
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: string }
  /** Promises the whole answer, sends half, and drops the connection. */
  | { kind: 'half' }
  /** Ends the answer in good order in the middle of its JSON. */
  | { kind: 'cut-json' }
  | { kind: 'redirect'; to: string }
  /** Serves it, with these headers added or replaced. */
  | { kind: 'headers'; headers: Record<string, string> }

export interface SeenRequest {
  method: string
  /** Path and query. */
  url: string
  authorization: string
}

/** An in-process registry that speaks the OCI distribution specification, push included, and misbehaves on demand. */
export interface RegistryServer {
  /** 127.0.0.1:port, plain HTTP. */
  host: string
  readonly requests: SeenRequest[]
  /** Credentials it insists on; with `bearer` by way of a token service at `/token`. */
  auth: { kind: 'basic' | 'bearer'; username: string; password: string; anonymousPull?: boolean } | undefined
  /** Seconds a token lives. */
  tokenLife: number
  /** Tags in one page of a list; a larger `n` is cut down to it. */
  pageSize: number
  /** Sends ETag with tag lists and honours If-None-Match. */
  etags: boolean
  /** Asked for each request; a fault replaces the answer. */
  fault: ((request: SeenRequest) => RegistryFault | undefined) | undefined
  deleteTag(path: string, tag: string): void
  close(): Promise<void>
}

interface Stored {
  mediaType: string
  content: Buffer
}

interface Repository {
  tags: Map<string, string>
  manifests: Map<string, Stored>
  blobs: Map<string, Buffer>
}

interface State {
  repositories: Map<string, Repository>
  tokens: Map<string, string>
}

export async function startRegistryServer(): Promise<RegistryServer> {
  const state: State = { repositories: new Map(), tokens: new Map() }
  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => serve(registry, state, request, body, response))
      .catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const registry: RegistryServer = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    auth: undefined,
    tokenLife: 300,
    pageSize: 1000,
    etags: false,
    fault: undefined,
    deleteTag: (path, tag) => void state.repositories.get(path)?.tags.delete(tag),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return registry
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function serve(
  registry: RegistryServer,
  state: State,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): void {
  const seen = {
    method: request.method ?? '',
    url: request.url ?? '',
    authorization: request.headers.authorization ?? '',
  }
  registry.requests.push(seen)
  const fault = registry.fault?.(seen)
  if (fault?.kind === 'status') {
    response.writeHead(fault.status, fault.headers).end(fault.body ?? '')
    return
  }
  if (fault?.kind === 'redirect') {
    response.writeHead(307, { location: fault.to }).end()
    return
  }
  const url = new URL(seen.url, `http://${registry.host}`)
  const answer =
    url.pathname === '/token' ? giveToken(registry, state, seen, url) : serveApi(registry, state, request, url, body)
  const headers = { ...answer.headers, ...(fault?.kind === 'headers' ? fault.headers : {}) }
  const content = answer.content ?? Buffer.alloc(0)
  if (fault?.kind === 'half') {
    response.writeHead(answer.status, { ...headers, 'content-length': content.length })
    response.write(content.subarray(0, content.length / 2), () => response.destroy())
    return
  }
  const sent = fault?.kind === 'cut-json' ? content.subarray(0, content.length / 2) : content
  response.writeHead(answer.status, { ...headers, 'content-length': sent.length })
  response.end(seen.method === 'HEAD' ? undefined : sent)
}

interface Answer {
  status: number
  headers?: Record<string, string>
  content?: Buffer
}

function json(value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...headers },
    content: Buffer.from(JSON.stringify(value)),
  }
}

function error(status: number, code: string): Answer {
  return { ...json({ errors: [{ code, message: code.toLowerCase() }] }), status }
}

function basicOf(auth: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`
}

function giveToken(registry: RegistryServer, state: State, seen: SeenRequest, url: URL): Answer {
  const known = registry.auth && seen.authorization === basicOf(registry.auth)
  if (!known && (seen.authorization !== '' || !registry.auth?.anonymousPull)) return error(401, 'UNAUTHORIZED')
  const token = randomUUID()
  state.tokens.set(`Bearer ${token}`, url.searchParams.get('scope') ?? '')
  return json({ token, expires_in: registry.tokenLife })
}

function isAllowed(registry: RegistryServer, state: State, request: IncomingMessage, path: string): boolean {
  const { auth } = registry
  if (!auth) return true
  const authorization = request.headers.authorization ?? ''
  if (authorization === basicOf(auth)) return auth.kind === 'basic' || request.method !== 'GET'
  return auth.kind === 'bearer' && state.tokens.get(authorization) === `repository:${path}:pull`
}

function serveApi(registry: RegistryServer, state: State, request: IncomingMessage, url: URL, body: Buffer): Answer {
  const match = /^\/v2\/(.+?)\/(tags\/list|manifests\/([^/]+)|blobs\/uploads\/(\S*)|blobs\/([^/]+))$/.exec(url.pathname)
  const path = match?.[1] ?? ''
  if (!isAllowed(registry, state, request, path)) return challenge(registry, path)
  if (!match) return url.pathname === '/v2/' ? json({}) : error(404, 'NOT_FOUND')
  if (request.method === 'POST' || request.method === 'PUT') {
    return receive(registry, state, request, url, body, path, match[3])
  }
  const repository = state.repositories.get(path)
  if (!repository) return error(404, 'NAME_UNKNOWN')
  if (match[2] === 'tags/list') return listTags(registry, request, url, path, repository)
  const reference = match[3]
  if (reference !== undefined) {
    const digest = repository.tags.get(reference) ?? reference
    const found = repository.manifests.get(digest)
    if (!found) return error(404, 'MANIFEST_UNKNOWN')
    const headers = { 'content-type': found.mediaType, 'docker-content-digest': digest }
    return { status: 200, headers, content: found.content }
  }
  const blob = repository.blobs.get(match[5] ?? '')
  return blob ? { status: 200, content: blob } : error(404, 'BLOB_UNKNOWN')
}

function challenge(registry: RegistryServer, path: string): Answer {
  const bearer = `Bearer realm="http://${registry.host}/token",service="test",scope="repository:${path}:pull"`
  const value = registry.auth?.kind === 'bearer' ? bearer : 'Basic realm="test"'
  return { ...error(401, 'UNAUTHORIZED'), headers: { 'www-authenticate': value } }
}

function listTags(
  registry: RegistryServer,
  request: IncomingMessage,
  url: URL,
  path: string,
  repository: Repository,
): Answer {
  const all = [...repository.tags.keys()].sort()
  const etag = `"${createHash('sha1').update(all.join()).digest('hex')}"`
  if (registry.etags && request.headers['if-none-match'] === etag) return { status: 304 }
  const last = url.searchParams.get('last') ?? ''
  const asked = Number(url.searchParams.get('n') ?? registry.pageSize)
  const rest = last === '' ? all : all.filter((tag) => tag > last)
  const tags = rest.slice(0, Math.min(asked, registry.pageSize))
  const headers: Record<string, string> = registry.etags ? { etag } : {}
  if (tags.length < rest.length) {
    headers['link'] = `</v2/${path}/tags/list?last=${encodeURIComponent(tags.at(-1) ?? '')}&n=${asked}>; rel="next"`
  }
  // As distribution does for a repository whose tags are all gone.
  return json({ name: path, tags: all.length === 0 ? null : tags }, headers)
}

function receive(
  registry: RegistryServer,
  state: State,
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  path: string,
  reference: string | undefined,
): Answer {
  const repository = state.repositories.get(path) ?? { tags: new Map(), manifests: new Map(), blobs: new Map() }
  state.repositories.set(path, repository)
  if (request.method === 'POST') {
    return { status: 202, headers: { location: `http://${registry.host}/v2/${path}/blobs/uploads/${randomUUID()}` } }
  }
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`
  if (reference === undefined) {
    if (url.searchParams.get('digest') !== digest) return error(400, 'DIGEST_INVALID')
    repository.blobs.set(digest, body)
  } else {
    repository.manifests.set(digest, { mediaType: request.headers['content-type'] ?? '', content: body })
    if (!reference.startsWith('sha256:')) repository.tags.set(reference, digest)
  }
  return { status: 201, headers: { 'docker-content-digest': digest } }
}
