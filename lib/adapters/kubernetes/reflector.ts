import { Fault } from '#lib/core/fault/index.ts'
import type { KubeObject } from '#lib/core/manifest/types.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { Watch, WatchEvent, WatchRequest, WatchState } from '#lib/ports/cluster.ts'
import type { Log } from '#lib/ports/log.ts'
import { apiStatusFrom, apiStatusOf, faultFromStatus } from './api-fault.ts'
import type { Discovery } from './discovery.ts'
import { ObjectCache } from './object-cache.ts'
import { metadataAccept, readPages, toObject } from './object-pages.ts'
import { collectionPath } from './object-path.ts'
import type { Transport } from './transport.ts'
import type { Timers } from './waker.ts'
import { createWaker } from './waker.ts'
import type { StreamEnd } from './watch-stream.ts'
import { followStream } from './watch-stream.ts'

export interface ReflectorDeps {
  transport: Transport
  discovery: Discovery
  clock: Clock
  /** 0 ≤ n < 1. */
  random: () => number
  timers: Timers
  log: Log
}

/** How one try to list and follow ended; decides whether to wait before the next. */
type RoundEnd =
  | { kind: 'closed' }
  /** The server compacted what we wanted to continue from (410). */
  | { kind: 'expired' }
  | { kind: 'stalled'; silentMs: number }
  /** No streaming lists on this server. */
  | { kind: 'refused-streaming' }
  | { kind: 'unknown-kind' }
  | { kind: 'failed'; reason: string; retryAfterMs: number; lasting: boolean }

const firstBackoffMs = 500
const maxBackoffMs = 30_000
/** For refusals that only a person ends, such as a missing right. */
const maxRefusedBackoffMs = 120_000
const unknownKindRetryMs = 30_000
/** A watch that lived this long has worked; earlier failures count no more. */
const steadyMs = 10_000
/** A server that closes sooner is not asked again at once. */
const minOpenMs = 1000
const initialEventsEnd = 'k8s.io/initial-events-end'

/** Lists and follows one collection until stopped; see `WatchRequest`. */
export function startReflector<T extends KubeObject>(deps: ReflectorDeps, request: WatchRequest<T>): Watch {
  const reflector = new Reflector(deps, request)
  void reflector.run()
  return { synced: reflector.synced, stop: () => reflector.stop() }
}

class Reflector<T extends KubeObject> {
  readonly synced: Promise<void>
  readonly #deps: ReflectorDeps
  readonly #request: WatchRequest<T>
  readonly #compact: (object: KubeObject) => T
  readonly #stop = new AbortController()
  readonly #cache = new ObjectCache<T>()
  #resolveSynced = () => {}
  /** Where to continue; undefined = list first. */
  #resourceVersion: string | undefined
  #listing: 'streaming' | 'paged' = 'streaming'
  /** Tries in a row that brought nothing. */
  #failures = 0
  #state: WatchState = { kind: 'connecting' }
  /** Whether the server has shown that it sends bookmarks for this kind; it does not for events. */
  #hasBookmarks = false

  constructor(deps: ReflectorDeps, request: WatchRequest<T>) {
    this.#deps = deps
    this.#request = request
    this.#compact = request.compact ?? ((object) => object as T)
    this.synced = new Promise((resolve) => {
      this.#resolveSynced = resolve
    })
  }

  stop(): void {
    this.#stop.abort()
  }

  async run(): Promise<void> {
    this.#report(this.#state)
    while (!this.#stop.signal.aborted) {
      const end = await this.#round().catch((error: unknown) => this.#endOfError(error))
      if (!this.#stop.signal.aborted) await this.#pause(end)
    }
  }

  async #round(): Promise<RoundEnd> {
    const { apiVersion, kind, namespace } = this.#request
    const resource = await this.#deps.discovery.find(apiVersion, kind, unknownKindRetryMs - 5000)
    if (resource === undefined) return { kind: 'unknown-kind' }
    const path = collectionPath(resource, namespace)
    if (this.#resourceVersion === undefined && this.#listing === 'paged') await this.#listPages(path)
    return this.#follow(path)
  }

  async #listPages(path: string): Promise<void> {
    const { labelSelector, fieldSelector, metadataOnly = false } = this.#request
    const query = { path, kind: this.#request, labelSelector, fieldSelector, metadataOnly, signal: this.#stop.signal }
    this.#cache.beginList()
    const resourceVersion = await readPages(
      (request) => this.#deps.transport.json(request),
      query,
      (objects) => {
        for (const object of objects) this.#emit(this.#cache.set(object, this.#compact))
      },
      () => this.#cache.beginList(),
    )
    this.#finishList(resourceVersion)
  }

  async #follow(path: string): Promise<RoundEnd> {
    const { clock } = this.#deps
    const listing = this.#resourceVersion === undefined
    if (listing) this.#cache.beginList()
    let openedAt = clock.now()
    const handlers = {
      onOpen: () => {
        openedAt = clock.now()
        if (!listing) this.#goLive()
      },
      onLine: (line: string) => this.#take(line),
    }
    try {
      const stallMs = this.#between(90_000, 120_000)
      const end = await followStream(this.#deps, this.#watchRequest(path), stallMs, handlers)
      return this.#endOfStream(end, clock.now() - openedAt)
    } finally {
      if (clock.now() - openedAt >= steadyMs) this.#failures = 0
    }
  }

  #endOfStream(end: StreamEnd, openMs: number): RoundEnd {
    switch (end.kind) {
      case 'stalled':
        // A server that ignores the wish for initial events never says that they are complete.
        return this.#resourceVersion === undefined ? { kind: 'refused-streaming' } : end
      case 'broken':
        this.#deps.transport.lost()
        return { kind: 'failed', reason: end.reason, retryAfterMs: 0, lasting: false }
      case 'closed':
        if (openMs >= minOpenMs) return { kind: 'closed' }
        return { kind: 'failed', reason: 'the server closed the watch at once', retryAfterMs: 0, lasting: false }
    }
  }

  #watchRequest(path: string) {
    const { labelSelector, fieldSelector, metadataOnly } = this.#request
    const from =
      this.#resourceVersion === undefined
        ? { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }
        : { resourceVersion: this.#resourceVersion }
    const timeoutSeconds = Math.floor(this.#between(300, 600))
    return {
      method: 'GET' as const,
      path,
      query: { watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds, labelSelector, fieldSelector, ...from },
      accept: metadataOnly === true ? metadataAccept.watch : 'application/json',
      signal: this.#stop.signal,
    }
  }

  /** One line of the stream. Throws the Fault of an ERROR event, and on anything that is no event. */
  #take(line: string): void {
    if (this.#stop.signal.aborted) return
    const event = parseEvent(line)
    if (event.type === 'ERROR') throw faultFromStatus(apiStatusFrom(500, event.object))
    const object = toObject(event.object, this.#request)
    if (event.type === 'BOOKMARK') {
      this.#bookmark(event.object)
    } else if (object !== undefined) {
      const deleted = event.type === 'DELETED'
      // While the list is still coming in, versions are not in order: its end brings the one to continue from.
      if (this.#resourceVersion !== undefined) this.#resourceVersion = object.metadata.resourceVersion
      this.#emit(deleted ? this.#cache.delete(object, this.#compact) : this.#cache.set(object, this.#compact))
    }
  }

  #bookmark(object: unknown): void {
    const metadata = (
      object as { metadata?: { resourceVersion?: string; annotations?: Record<string, string> } } | null
    )?.metadata
    if (this.#resourceVersion !== undefined) {
      this.#resourceVersion = metadata?.resourceVersion ?? this.#resourceVersion
      this.#hasBookmarks = true
    } else if (metadata?.annotations?.[initialEventsEnd] === 'true') this.#finishList(metadata.resourceVersion)
  }

  #finishList(resourceVersion: string | undefined): void {
    this.#resourceVersion = resourceVersion
    this.#emit(this.#cache.endList())
    this.#call('onSynced', () => this.#request.onSynced?.(this.#cache.objects()))
    this.#resolveSynced()
    this.#goLive()
  }

  #endOfError(error: unknown): RoundEnd {
    const status = apiStatusOf(error)
    if (status?.status === 410) return { kind: 'expired' }
    const initial = this.#resourceVersion === undefined && this.#listing === 'streaming'
    if (initial && (status?.status === 422 || status?.status === 400)) return { kind: 'refused-streaming' }
    if (status?.status === 404) {
      this.#deps.discovery.forget(this.#request.apiVersion)
      return { kind: 'unknown-kind' }
    }
    const reason = error instanceof Error ? error.message : String(error)
    const lasting = error instanceof Fault && !error.retryable
    return { kind: 'failed', reason, retryAfterMs: (error instanceof Fault && error.retryAfterMs) || 0, lasting }
  }

  async #pause(end: RoundEnd): Promise<void> {
    const { discovery } = this.#deps
    switch (end.kind) {
      case 'closed':
        return
      case 'refused-streaming':
        this.#listing = 'paged'
        return
      case 'stalled':
        // Without bookmarks silence proves nothing: the connection is renewed to be sure.
        if (this.#hasBookmarks) this.#break(`nothing arrived for ${Math.round(end.silentMs / 1000)} s`, 0)
        return
      case 'expired':
        this.#resourceVersion = undefined
        if (this.#failures++ === 0) return
        return this.#backOff('the server forgot the version to continue from', 0, maxBackoffMs)
      case 'unknown-kind':
        this.#resourceVersion = undefined
        if (this.#state.kind !== 'unknown-kind') this.#report({ kind: 'unknown-kind' })
        return discovery.changed.wait(unknownKindRetryMs, this.#stop.signal)
      case 'failed':
        this.#failures++
        await this.#backOff(end.reason, end.retryAfterMs, end.lasting ? maxRefusedBackoffMs : maxBackoffMs)
    }
  }

  /**
   * Half to all of an exponentially growing time, cut short when the server answers somebody else again; but never to
   * nothing twice in a row, or watches that break at once would wake each other without end.
   */
  async #backOff(reason: string, atLeastMs: number, atMostMs: number): Promise<void> {
    const { clock, timers, transport } = this.#deps
    const fullMs = Math.min(atMostMs, firstBackoffMs * 2 ** Math.min(this.#failures - 1, 10))
    const waitMs = Math.max(atLeastMs, Math.round(this.#between(fullMs / 2, fullMs)))
    this.#break(reason, waitMs)
    const startedAt = clock.now()
    await transport.recovered.wait(waitMs, this.#stop.signal)
    const restMs = Math.min(waitMs, (this.#failures - 1) * 250) - (clock.now() - startedAt)
    if (restMs > 0) await createWaker(timers).wait(restMs, this.#stop.signal)
  }

  #goLive(): void {
    if (this.#state.kind !== 'live') this.#report({ kind: 'live', since: this.#deps.clock.now() })
  }

  #break(reason: string, retryInMs: number): void {
    const since = this.#state.kind === 'broken' ? this.#state.since : this.#deps.clock.now()
    this.#report({ kind: 'broken', since, reason, retryInMs })
  }

  #report(state: WatchState): void {
    this.#state = state
    this.#call('onState', () => this.#request.onState?.(state))
  }

  #emit(events: readonly WatchEvent<T>[]): void {
    for (const event of events) this.#call('onEvent', () => this.#request.onEvent(event))
  }

  /** A listener that throws must not end the watch for everyone. */
  #call(listener: string, run: () => void): void {
    if (this.#stop.signal.aborted) return
    try {
      run()
    } catch (error) {
      const { kind, apiVersion } = this.#request
      this.#deps.log.error('A listener of a watch failed', { listener, apiVersion, kind, error: String(error) })
    }
  }

  #between(low: number, high: number): number {
    return low + this.#deps.random() * (high - low)
  }
}

const eventTypes = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR'])

function parseEvent(line: string): { type: string; object: unknown } {
  let event: { type?: unknown; object?: unknown } | null
  try {
    event = JSON.parse(line)
  } catch {
    throw new Error('the server sent a line that is not JSON')
  }
  if (typeof event?.type !== 'string' || !eventTypes.has(event.type)) {
    throw new Error('the server sent a line that is no watch event')
  }
  return { type: event.type, object: event.object }
}
