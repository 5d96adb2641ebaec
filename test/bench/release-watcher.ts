import { request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { readFile } from 'node:fs/promises'

/** One revision as the API server told of it. */
interface Seen {
  version: number
  /** Milliseconds since the epoch when this process read the event. */
  at: number
}

interface Waiter {
  isMet(): boolean
  resolve(): void
}

interface Kubeconfig {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[]
  users: { user: { token: string } }[]
}

interface WatchLine {
  type: string
  object: { metadata: { namespace: string; labels?: Record<string, string>; resourceVersion: string } }
}

/**
 * An observer of its own: watches Helm's release Secrets at the API server and notes when each revision is first
 * `deployed`. It shares no code with the product.
 */
export class ReleaseWatcher {
  readonly #deployed = new Map<string, Seen>()
  readonly #waiters = new Set<Waiter>()
  #stopped = false
  #stream: IncomingMessage | undefined

  static async start(kubeconfig: string): Promise<ReleaseWatcher> {
    const watcher = new ReleaseWatcher()
    const config = JSON.parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig
    await new Promise<void>((resolve, reject) => {
      watcher.#follow(config, resolve).catch(reject)
    })
    return watcher
  }

  /** Newest deployed revision of `namespace/name`; 0 = none. */
  version(key: string): number {
    return this.#deployed.get(key)?.version ?? 0
  }

  /** When a revision above `than` was first seen deployed. Rejects after `timeoutMs`. */
  async deployedAbove(key: string, than: number, timeoutMs = 60_000): Promise<number> {
    await this.#until(`${key} above ${than}`, timeoutMs, () => this.version(key) > than)
    return this.#deployed.get(key)?.at ?? Number.NaN
  }

  /** When the last of them was first seen deployed at `version` or above. */
  async allDeployed(keys: readonly string[], version: number, timeoutMs: number): Promise<number> {
    await this.#until(`${keys.length} releases at ${version}`, timeoutMs, () =>
      keys.every((key) => this.version(key) >= version),
    )
    return Math.max(...keys.map((key) => this.#deployed.get(key)?.at ?? Number.NaN))
  }

  stop(): void {
    this.#stopped = true
    this.#stream?.destroy()
  }

  #until(what: string, timeoutMs: number, isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter)
        reject(new Error(`Not within ${Math.round(timeoutMs / 1000)} s: ${what}`))
      }, timeoutMs)
      const waiter: Waiter = {
        isMet,
        resolve: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      this.#waiters.add(waiter)
    })
  }

  async #follow(config: Kubeconfig, onOpen: () => void): Promise<void> {
    while (!this.#stopped) {
      this.#stream = await open(config)
      onOpen()
      // A stream that breaks ends the iteration; the next one starts with everything that exists.
      await this.#read(this.#stream).catch(() => undefined)
    }
  }

  async #read(stream: IncomingMessage): Promise<void> {
    for await (const line of createInterface(stream)) {
      const at = Date.now()
      const { type, object } = JSON.parse(line) as WatchLine
      const { labels = {}, namespace } = object.metadata
      if (type !== 'ADDED' && type !== 'MODIFIED') continue
      if (labels.status !== 'deployed') continue
      const key = `${namespace}/${labels.name}`
      const version = Number(labels.version)
      if (version <= this.version(key)) continue
      this.#deployed.set(key, { version, at })
      for (const waiter of this.#waiters) {
        if (!waiter.isMet()) continue
        this.#waiters.delete(waiter)
        waiter.resolve()
      }
    }
  }
}

function open(config: Kubeconfig): Promise<IncomingMessage> {
  const { server, 'certificate-authority-data': ca } = config.clusters[0]?.cluster ?? {
    server: '',
    'certificate-authority-data': '',
  }
  const path = '/api/v1/secrets?watch=true&labelSelector=owner%3Dhelm&timeoutSeconds=3600'
  return new Promise((resolve, reject) => {
    const call = request(`${server}${path}`, {
      ca: Buffer.from(ca, 'base64'),
      headers: {
        authorization: `Bearer ${config.users[0]?.user.token}`,
        accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
      },
    })
    call.once('error', reject)
    call.once('response', (response) => {
      if (response.statusCode === 200) return resolve(response)
      response.resume()
      reject(new Error(`The watch was refused: ${response.statusCode}`))
    })
    call.end()
  })
}
