import { call, urlOf } from '#lib/api/client.ts'
import { LiveEvent, streamEvents } from '#lib/api/system.ts'
import { getRelease, listReleases } from '#lib/api/releases.ts'

export interface Changes {
  /** By release id and version: when it was written, in milliseconds of `performance.now()`. */
  writtenAt: Map<string, number[]>
}

export interface Watched {
  baseUrl: string
  token: string
  /** The release whose page is open; undefined = the list of all. */
  release: string | undefined
}

/** One open page: follows the stream of events, refetches what it shows, and notes how old each change was by then. */
export class OpenPage {
  readonly #watched: Watched
  readonly #changes: Changes
  readonly #known = new Map<string, number>()
  readonly agesMs: number[] = []
  refetches = 0
  resets = 0
  #position: string | undefined
  #abort = new AbortController()
  #following: Promise<void> = Promise.resolve()
  #fetching: Promise<void> | undefined
  #again = false

  constructor(watched: Watched, changes: Changes) {
    this.#watched = watched
    this.#changes = changes
  }

  /** Opens the stream, where it ended before from there on, and shows what there is. */
  async open(): Promise<void> {
    const { baseUrl, token } = this.#watched
    this.#abort = new AbortController()
    const { signal } = this.#abort
    const headers: Record<string, string> = { authorization: `Bearer ${token}`, accept: 'text/event-stream' }
    if (this.#position !== undefined) headers['last-event-id'] = this.#position
    const response = await fetch(baseUrl + urlOf(streamEvents, {}), { headers, signal })
    if (!response.ok || !response.body) throw new Error(`the stream answers ${response.status}`)
    // A stream that ends by itself leaves the page behind, which is what is looked for.
    this.#following = this.#follow(response.body).catch(() => undefined)
    // Who comes back shows what was there; only events of what was missed have it refetch.
    if (this.#position === undefined) await this.#refetch()
  }

  async close(): Promise<void> {
    this.#abort.abort()
    await this.#following
    await this.#fetching
  }

  /** Version it shows of a release; 0 = none. */
  version(id: string): number {
    return this.#known.get(id) ?? 0
  }

  async #follow(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) this.#take(block)
    }
  }

  #take(block: string): void {
    let isReset = false
    for (const line of block.split('\n')) {
      if (line.startsWith('id: ')) this.#position = line.slice(4)
      if (line === 'event: reset') isReset = true
      if (line.startsWith('data: {"')) this.#hear(LiveEvent.parse(JSON.parse(line.slice(6))))
    }
    if (!isReset) return
    this.resets += 1
    this.#wake()
  }

  #hear({ topic, id, version }: LiveEvent): void {
    const { release } = this.#watched
    const concerns =
      release === undefined ? topic === 'releases' || topic === 'release' : topic === 'release' && id === release
    if (concerns && (topic !== 'release' || version > this.version(id))) this.#wake()
  }

  #wake(): void {
    this.#again = true
    this.#fetching ??= this.#refetchAll()
  }

  async #refetchAll(): Promise<void> {
    while (this.#again) {
      this.#again = false
      await this.#refetch()
    }
    this.#fetching = undefined
  }

  async #refetch(): Promise<void> {
    const { release, ...options } = this.#watched
    this.refetches += 1
    const shown =
      release === undefined
        ? (await call(listReleases, { query: { limit: 500 } }, options)).items
        : [(await call(getRelease, { params: { id: release } }, options)).release]
    const now = performance.now()
    for (const { id, version } of shown) this.#show(id, version, now)
  }

  /** All changes up to this version are seen now. */
  #show(id: string, version: number, now: number): void {
    const written = this.#changes.writtenAt.get(id) ?? []
    for (let each = this.version(id) + 1; each <= version; each += 1) {
      const at = written[each]
      if (at !== undefined) this.agesMs.push(now - at)
    }
    this.#known.set(id, Math.max(version, this.version(id)))
  }
}
