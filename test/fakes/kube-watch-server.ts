import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One request the test answers by hand. */
export class HeldRequest {
  readonly path: string
  readonly query: URLSearchParams
  readonly accept: string
  readonly #response: ServerResponse

  constructor(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', 'http://fake')
    this.path = url.pathname
    this.query = url.searchParams
    this.accept = request.headers.accept ?? ''
    this.#response = response
  }

  answer(status: number, body: unknown): void {
    this.#response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
  }

  /** Accepts the watch; its events follow. */
  open(): this {
    this.#response.writeHead(200, { 'Content-Type': 'application/json' })
    this.#response.flushHeaders()
    return this
  }

  send(...events: { type: string; object: unknown }[]): this {
    for (const event of events) this.#response.write(`${JSON.stringify(event)}\n`)
    return this
  }

  sendRaw(text: string): this {
    this.#response.write(text)
    return this
  }

  /** Ends the answer in good order. */
  close(): void {
    this.#response.end()
  }

  /** Cuts the connection. */
  drop(): void {
    this.#response.destroy()
  }

  /** The client went away. */
  get gone(): Promise<void> {
    if (this.#response.destroyed) return Promise.resolve()
    return once(this.#response, 'close').then(() => undefined)
  }
}

/**
 * An API server that knows the kind `Widget` of `example.com/v1` and holds every list and watch of it until the test
 * answers. Discovery it answers itself.
 */
export interface KubeWatchServer {
  kubeconfigPath: string
  /** The next list or watch, in the order of arrival. */
  nextRequest(): Promise<HeldRequest>
  /** Whether the kind exists from now on. */
  setKindKnown(known: boolean): void
  /** Discovery requests answered so far. */
  discoveryRequests(): number
  /** Stops listening and cuts all connections; `resume` listens again on the same port. */
  pause(): Promise<void>
  resume(): Promise<void>
  stop(): Promise<void>
}

export async function startKubeWatchServer(): Promise<KubeWatchServer> {
  const arrived: HeldRequest[] = []
  const waiting: ((request: HeldRequest) => void)[] = []
  let kindKnown = true
  let discoveryRequests = 0

  const discovery: Record<string, () => unknown> = {
    '/apis/example.com/v1': () =>
      kindKnown ? { resources: [{ name: 'widgets', kind: 'Widget', namespaced: true }] } : undefined,
    '/apis': () => ({ groups: kindKnown ? [{ versions: [{ groupVersion: 'example.com/v1' }] }] : [] }),
  }
  const server = createServer((request, response) => {
    const held = new HeldRequest(request, response)
    const answer = discovery[held.path]
    if (answer === undefined) {
      const next = waiting.shift()
      if (next === undefined) arrived.push(held)
      else next(held)
      return
    }
    discoveryRequests++
    const body = answer()
    held.answer(body === undefined ? 404 : 200, body ?? { kind: 'Status', code: 404, reason: 'NotFound' })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const directory = await mkdtemp(join(tmpdir(), 'kube-watch-server-'))
  const kubeconfigPath = join(directory, 'kubeconfig')
  await writeFile(kubeconfigPath, kubeconfigFor(port))
  const pause = async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  return {
    kubeconfigPath,
    nextRequest() {
      const first = arrived.shift()
      return first === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(first)
    },
    setKindKnown(known) {
      kindKnown = known
    },
    discoveryRequests: () => discoveryRequests,
    pause,
    async resume() {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
    async stop() {
      if (server.listening) await pause()
      await rm(directory, { recursive: true })
    },
  }
}

function kubeconfigFor(port: number): string {
  return `apiVersion: v1
kind: Config
current-context: fake
clusters: [{ name: fake, cluster: { server: 'http://127.0.0.1:${port}' } }]
users: [{ name: fake, user: { token: fake-token } }]
contexts: [{ name: fake, context: { cluster: fake, user: fake } }]
`
}
