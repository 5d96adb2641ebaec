import type { OutboxEvent } from '#lib/ports/store/index.ts'

export interface LiveStreamOptions {
  /** Least time between two wake-ups of one topic, so that a storm costs a client two refetches a second. */
  topicGapMs: number
  heartbeatMs: number
  /** The stream ends after this time; the client comes back with Last-Event-ID and is authenticated again. */
  maxAgeMs: number
}

export const liveStreamDefaults: LiveStreamOptions = { topicGapMs: 500, heartbeatMs: 15_000, maxAgeMs: 900_000 }

interface Topic {
  /** Newest event by id, not yet sent. */
  waiting: Map<string, OutboxEvent>
  /** Position of the oldest event that `waiting` stands for. */
  since: number
  /** Milliseconds since the epoch. */
  sentAt: number
  timer?: NodeJS.Timeout
}

const encoder = new TextEncoder()

/**
 * One client's stream (WHATWG server-sent events). The id sent is a position before which nothing is left unsent, over all
 * topics, so that a client that comes back with it misses nothing; it may see an event twice.
 */
export class LiveStream {
  readonly readable: ReadableStream<Uint8Array>
  readonly #options: LiveStreamOptions
  readonly #topics = new Map<string, Topic>()
  readonly #timers: NodeJS.Timeout[]
  readonly #onClose: () => void
  #sink: ReadableStreamDefaultController<Uint8Array> | undefined
  #seen: number

  /** `greeting` is the first event: `hello`, or `reset` where the client has to refetch everything. */
  constructor(
    start: number,
    greeting: 'hello' | 'reset',
    options: LiveStreamOptions,
    hooks: { onHeartbeat(): void; onClose(): void },
  ) {
    this.#options = options
    this.#seen = start
    this.#onClose = hooks.onClose
    this.readable = new ReadableStream<Uint8Array>(
      { start: (sink) => void (this.#sink = sink), cancel: () => this.#release() },
      { highWaterMark: 64 },
    )
    this.#send(`retry: 1000\nid: ${start}\nevent: ${greeting}\ndata: {}\n\n`)
    const beat = setInterval(() => {
      hooks.onHeartbeat()
      this.#send(': still here\n\n')
    }, options.heartbeatMs)
    this.#timers = [beat, setTimeout(() => this.close(), options.maxAgeMs)]
  }

  take(events: readonly OutboxEvent[]): void {
    for (const event of events) {
      const topic = this.#topics.get(event.topic) ?? { waiting: new Map(), since: event.position, sentAt: 0 }
      this.#topics.set(event.topic, topic)
      topic.since = topic.waiting.size === 0 ? event.position : Math.min(topic.since, event.position)
      topic.waiting.set(event.id, event)
      this.#seen = Math.max(this.#seen, event.position)
    }
    for (const topic of this.#topics.values()) {
      if (topic.waiting.size > 0) this.#flushIn(topic, topic.sentAt + this.#options.topicGapMs - Date.now())
    }
  }

  close(): void {
    const sink = this.#sink
    this.#release()
    sink?.close()
  }

  #flushIn(topic: Topic, ms: number): void {
    topic.timer ??= setTimeout(() => this.#flush(topic), Math.max(0, ms))
  }

  #flush(topic: Topic): void {
    topic.timer = undefined
    if (!this.#sink) return
    // A client that does not read keeps one event an id, not a queue.
    if ((this.#sink.desiredSize ?? 0) <= 0) return this.#flushIn(topic, this.#options.topicGapMs)
    const events = [...topic.waiting.values()]
    topic.waiting.clear()
    topic.sentAt = Date.now()
    const lines = events.map((event) => {
      const { topic, id, version } = event
      return `data: ${JSON.stringify({ topic, id, version })}\n`
    })
    this.#send(`${lines.join('\n')}id: ${this.#safePosition()}\n\n`)
  }

  #safePosition(): number {
    let safe = this.#seen
    for (const { waiting, since } of this.#topics.values()) if (waiting.size > 0) safe = Math.min(safe, since - 1)
    return safe
  }

  #send(text: string): void {
    this.#sink?.enqueue(encoder.encode(text))
  }

  #release(): void {
    if (!this.#sink) return
    this.#sink = undefined
    for (const timer of this.#timers) clearTimeout(timer)
    for (const { timer } of this.#topics.values()) clearTimeout(timer)
    this.#onClose()
  }
}
