import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { verifyAudit, exportAudit, listAudit } from '#lib/api/audit.ts'
import { listAlerts } from '#lib/api/alerts.ts'
import { decideDeletion, listDeletions } from '#lib/api/deletions.ts'
import { getMatrix, setEnvironmentMode } from '#lib/api/environments.ts'
import { listImages, listImageTags, scanImage } from '#lib/api/images.ts'
import type { Endpoint } from '#lib/api/endpoint.ts'
import { createToken, getMe, listPeople, listTokens, revokeToken } from '#lib/api/people.ts'
import { simulatePolicy } from '#lib/api/policies.ts'
import * as commands from '#lib/api/release-commands.ts'
import { diffRevisions, getRelease, listReleaseActivity, listReleaseImages, listRevisions } from '#lib/api/releases.ts'
import { getRepository, syncRepository } from '#lib/api/repository.ts'
import { createSession, endSession } from '#lib/api/session.ts'
import { getSettings } from '#lib/api/settings.ts'
import { sampleData } from '#test/fixtures/sample-data.ts'

interface Asked {
  params: Record<string, string>
  query: Record<string, string>
  body: Record<string, unknown>
}
interface Route {
  endpoint: Endpoint
  answer: (asked: Asked) => unknown
}

/**
 * The wire of the product with invented data, and everything else handed on to a Next server: what the pages show
 * without worker and database. Each answer is checked against its endpoint's schema, so that it cannot drift.
 */
export function startApiServer(options: { port: number; upstream: string; now?: number }): Promise<Server> {
  const streams = new Set<ServerResponse>()
  const routes = routesOf(sampleData(options.now ?? Date.now()), streams)
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', 'http://fake')
    if (url.pathname === '/api/events') return openStream(outgoing, streams)
    if (!url.pathname.startsWith('/api/')) return handOn(incoming, outgoing, options.upstream)
    void answer(incoming, outgoing, url, routes)
  })
  server.on('upgrade', (incoming, socket) => tunnel(incoming, socket, options.upstream))
  server.on('close', () => streams.forEach((stream) => stream.end()))
  return new Promise((resolve) => server.listen(options.port, '127.0.0.1', () => resolve(server)))
}

function routesOf(data: ReturnType<typeof sampleData>, streams: Set<ServerResponse>): Route[] {
  let commandsDone = 0
  const done = (message: string) => () => {
    commandsDone += 1
    for (const stream of streams) stream.write(`id: ${commandsDone}\ndata: ${JSON.stringify({ topic: 'releases', id: '', version: commandsDone })}\n\n`)
    return { kind: 'done', command: `c${commandsDone}`, message, operation: 'op-01jd3k2m4n5p6q7r8s9tavwxyz' }
  }
  const text = (what: string | undefined, revision: number) => (what === 'manifest' ? data.manifestText : data.valuesText)(revision)
  const reads: Route[] = [
    { endpoint: getMatrix, answer: () => data.matrix },
    { endpoint: getRelease, answer: ({ params }) => data.detail(params.id ?? '') },
    { endpoint: listRevisions, answer: ({ params }) => ({ items: data.revisions(params.id ?? '') }) },
    {
      endpoint: diffRevisions,
      answer: ({ query }) => {
        const side = (n: number) => ({ revision: n, text: text(query.what, n) })
        const [from, to] = [side(Number(query.from)), side(Number(query.to))]
        return { what: query.what ?? 'values', from, to, equal: from.text === to.text }
      },
    },
    { endpoint: listReleaseImages, answer: ({ params }) => data.releaseImages(params.id ?? '') },
    { endpoint: listReleaseActivity, answer: () => ({ items: data.audit(30) }) },
    { endpoint: listAudit, answer: ({ query }) => ({ items: data.audit(60).filter((row) => (!query.kind || row.kind.startsWith(query.kind)) && (!query.actor || row.actor === query.actor)), next: query.after ? undefined : 'next' }) },
    { endpoint: verifyAudit, answer: () => ({ kind: 'intact', rows: 60, head: 'facade'.repeat(10) }) },
    { endpoint: exportAudit, answer: () => data.audit(3).map((row) => JSON.stringify(row)).join('\n') },
    { endpoint: listAlerts, answer: ({ query }) => ({ items: query.open === 'false' ? [] : data.alerts }) },
    { endpoint: getRepository, answer: () => data.repository },
    { endpoint: listDeletions, answer: () => ({ items: data.deletions }) },
    { endpoint: listImages, answer: () => ({ items: data.images }) },
    { endpoint: listImageTags, answer: () => ({ items: data.releaseImages(data.releases[4]?.id ?? '').containers[0]?.tags.items ?? [] }) },
    { endpoint: getSettings, answer: () => data.settings },
    { endpoint: getMe, answer: () => data.me },
    { endpoint: listPeople, answer: () => ({ items: data.people }) },
    { endpoint: listTokens, answer: () => ({ items: data.tokens }) },
  ]
  return [
    ...reads,
    { endpoint: createToken, answer: ({ body }) => ({ token: { ...data.tokens[0], name: String(body.name) }, secret: 'whl_example-secret-told-once' }) },
    { endpoint: revokeToken, answer: () => ({ revoked: true }) },
    { endpoint: createSession, answer: () => ({ email: data.me.email, name: data.me.name }) },
    { endpoint: endSession, answer: () => ({ ended: true }) },
    { endpoint: simulatePolicy, answer: ({ body }) => simulate(body) },
    ...Object.values(commands).map((endpoint) => ({ endpoint, answer: done(endpoint.summary) })),
    { endpoint: syncRepository, answer: done('Fetched, head is c41e8d2.') },
    { endpoint: scanImage, answer: done('Read 118 tags.') },
    { endpoint: decideDeletion, answer: done('Decided.') },
    { endpoint: setEnvironmentMode, answer: done('Mode changed.') },
  ]
}

/** Enough of a policy to show verdicts: a prefix before `*`. The real engine has its own tests. */
function simulate(body: Record<string, unknown>) {
  const prefix = String(body.pattern).replace(/^glob:/, '').replace(/\*.*$/, '')
  const tags = (body.tags as { name: string }[]).map((tag) => tag.name)
  const selected = tags.find((tag) => tag.startsWith(prefix)) ?? null
  return { selected, verdicts: tags.map((tag) => ({ tag, verdict: tag === selected ? 'selected' : tag.startsWith(prefix) ? 'older' : 'not-matched', reason: tag === selected ? 'newest by build time' : tag.startsWith(prefix) ? 'older than what would be chosen' : `${tag} does not match` })) }
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, url: URL, routes: Route[]): Promise<void> {
  const send = (status: number, body: unknown) => outgoing.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body))
  for (const route of routes) {
    const params = route.endpoint.method === incoming.method ? match(route.endpoint.path, url.pathname) : undefined
    if (!params) continue
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const body = chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>) : {}
    const given = route.answer({ params, query: Object.fromEntries(url.searchParams), body })
    if (given === undefined) return void send(404, { error: { code: 'not-found', message: 'There is no such release.', suggestion: 'It may have left Git; look at Environments.' } })
    return void send(200, route.endpoint.response.parse(given))
  }
  send(404, { error: { code: 'not-found', message: `No endpoint ${url.pathname}` } })
}

function match(template: string, path: string): Record<string, string> | undefined {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '')
  const found = new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '([^/]+)')}$`).exec(path)
  return found ? Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(found[at + 1] ?? '')])) : undefined
}

function openStream(outgoing: ServerResponse, streams: Set<ServerResponse>): void {
  outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  outgoing.write('id: 0\nevent: hello\ndata: {}\n\n')
  streams.add(outgoing)
  outgoing.on('close', () => streams.delete(outgoing))
}

function handOn(incoming: IncomingMessage, outgoing: ServerResponse, upstream: string): void {
  const onward = request(upstream + (incoming.url ?? '/'), { method: incoming.method, headers: incoming.headers }, (back) => {
    outgoing.writeHead(back.statusCode ?? 502, back.headers)
    back.pipe(outgoing)
  })
  onward.on('error', () => outgoing.writeHead(502).end('the page server does not answer'))
  incoming.pipe(onward)
}

/** The development server speaks to its pages over a WebSocket; a page is not alive without it. */
function tunnel(incoming: IncomingMessage, socket: Duplex, upstream: string): void {
  const onward = request(upstream + (incoming.url ?? '/'), { headers: incoming.headers })
  onward.on('upgrade', (back, other) => {
    const headers = Object.entries(back.headers).map(([name, value]) => `${name}: ${String(value)}`)
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers.join('\r\n')}\r\n\r\n`)
    other.pipe(socket).pipe(other)
    other.on('error', () => socket.destroy())
    socket.on('error', () => other.destroy())
  })
  onward.on('error', () => socket.destroy())
  onward.end()
}

if (import.meta.main) {
  const [port = '4310', upstream = 'http://127.0.0.1:4311'] = process.argv.slice(2)
  await startApiServer({ port: Number(port), upstream })
}
