import type { Log } from '#lib/ports/log.ts'
import type { CommandStore, OutboxEvent } from '#lib/ports/store/index.ts'
import { LiveStream, liveStreamDefaults } from './live-stream.ts'
import type { LiveStreamOptions } from './live-stream.ts'

export interface LiveEventsOptions extends Partial<LiveStreamOptions> {
  /** Rows replayed to a returning client; one that missed more is told to refetch everything. */
  replayLimit?: number
}

interface Deps {
  store: Pick<CommandStore, 'readOutbox' | 'outboxHead' | 'onOutbox'>
  log: Log
}

const rowsAtOnce = 1000

/** Reads the outbox once for all clients of this process and fans it out. */
export class LiveEvents {
  readonly #deps: Deps
  readonly #options: LiveStreamOptions
  readonly #replayLimit: number
  readonly #streams = new Map<LiveStream, () => Promise<boolean>>()
  readonly #stopListening: () => void
  /** Position up to which all streams have been told; undefined before the first client. */
  #head: number | undefined
  #reading = false
  #again = false

  constructor(deps: Deps, options: LiveEventsOptions = {}) {
    const { replayLimit = 5000, ...given } = options
    this.#deps = deps
    this.#options = { ...liveStreamDefaults, ...given }
    this.#replayLimit = replayLimit
    this.#stopListening = deps.store.onOutbox(() => this.#wake())
  }

  /**
   * A stream of everything after position `after` (undefined = from now on). Whenever people change, `mayStay` is asked:
   * false ends the stream. Throws what the store throws.
   */
  async open(after: number | undefined, mayStay: () => Promise<boolean>): Promise<ReadableStream<Uint8Array>> {
    const head = (this.#head ??= await this.#deps.store.outboxHead())
    // A client may know more than we do until the next read; far ahead it comes from a database that is gone.
    const known = after !== undefined && after > head ? await this.#deps.store.outboxHead() : head
    const lost = after !== undefined && (after > known || known - after > this.#replayLimit)
    const stream: LiveStream = new LiveStream(lost ? known : (after ?? head), lost ? 'reset' : 'hello', this.#options, {
      onHeartbeat: () => this.#wake(),
      onClose: () => this.#streams.delete(stream),
    })
    this.#streams.set(stream, mayStay)
    if (!lost && after !== undefined && after < head) await this.#readFrom(after, (events) => stream.take(events))
    this.#wake()
    return stream.readable
  }

  clients(): number {
    return this.#streams.size
  }

  close(): void {
    this.#stopListening()
    for (const stream of this.#streams.keys()) stream.close()
  }

  #wake(): void {
    this.#again = true
    if (!this.#reading) void this.#readAll()
  }

  async #readAll(): Promise<void> {
    this.#reading = true
    while (this.#again && this.#head !== undefined) {
      this.#again = false
      try {
        this.#head = await this.#readFrom(this.#head, (events) => {
          for (const stream of this.#streams.keys()) stream.take(events)
          if (events.some(({ topic, id }) => topic === 'system' && id === 'people')) void this.#sendAway()
        })
      } catch (error) {
        this.#deps.log.warn('live events are late: the outbox cannot be read', { error })
      }
    }
    // In the same turn as the last look at `again`: a wake-up can come before or after, never between.
    this.#reading = false
  }

  /** Whoever may no longer listen comes back, and is told so. */
  async #sendAway(): Promise<void> {
    for (const [stream, mayStay] of this.#streams) {
      // A database that is away for a moment is no reason: every stream ends by itself after a while.
      if (!(await mayStay().catch(() => true))) stream.close()
    }
  }

  /** Hands on every row after `position`; returns the position of the last one. */
  async #readFrom(position: number, take: (events: OutboxEvent[]) => void): Promise<number> {
    for (;;) {
      const events = await this.#deps.store.readOutbox(position, rowsAtOnce)
      if (events.length > 0) take(events)
      position = events.at(-1)?.position ?? position
      if (events.length < rowsAtOnce) return position
    }
  }
}
