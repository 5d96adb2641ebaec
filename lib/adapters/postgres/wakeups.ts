import { randomUUID } from 'node:crypto'
import type { Log } from '../../ports/log.ts'
import { wakeTopics } from '../../ports/wakeups.ts'
import type { Wakeups, WakeTopic } from '../../ports/wakeups.ts'
import { createListener } from './listener.ts'
import type { Listener } from './listener.ts'

export interface PostgresWakeups extends Wakeups {
  close(): Promise<void>
}

/** Triggers of the schema notify here too, without `from`. */
const channel = 'wheelhouse_wake'
/** PostgreSQL refuses payloads of 8000 bytes. */
const payloadBytes = 7000
/** More keys of one topic than this become "all of it". */
const keysPerTopic = 500

interface Message {
  from?: string
  wakes: [topic: WakeTopic, key: string][]
}

type Pending = Map<WakeTopic, Set<string>>

/**
 * Wakes listeners of this process in the next turn of the event loop and those of others by NOTIFY. What could not be sent
 * is kept until the connection is back; after every new connection everybody here is woken, since something may have been
 * missed.
 */
export async function createWakeups(options: {
  url: string
  log: Log
  /** false = others are heard, and not told: for the process that has all the listeners. Default true. */
  tellsOthers?: boolean
}): Promise<PostgresWakeups> {
  const { tellsOthers = true } = options
  const me = randomUUID()
  const listeners = new Map<WakeTopic, Set<(key: string) => void>>(wakeTopics.map((topic) => [topic, new Set()]))
  const here: Pending = new Map()
  const listener = createListener({ ...options, applicationName: 'wheelhouse-wakeups', channels: [channel] })
  const outside = createSender(listener, me)
  let scheduled = false

  const deliver = (topic: WakeTopic, key: string): void => {
    for (const hear of listeners.get(topic) ?? []) {
      try {
        hear(key)
      } catch (error) {
        options.log.error('a wake-up listener failed', { topic, error: String(error) })
      }
    }
  }
  const flush = (): void => {
    scheduled = false
    for (const [topic, key] of drain(here)) deliver(topic, key)
    void outside.flush()
  }
  listener.on((notice) => {
    if (notice === undefined) {
      for (const topic of wakeTopics) deliver(topic, '')
      void outside.flush()
      return
    }
    const message = parse(notice.payload)
    if (message.from === me) return
    for (const [topic, key] of message.wakes) deliver(topic, key)
  })
  await listener.ready()
  return {
    wake(topic, key = '') {
      add(here, topic, key)
      if (tellsOthers) add(outside.pending, topic, key)
      if (scheduled) return
      scheduled = true
      setImmediate(flush)
    },
    on(topic, hear) {
      // A function of its own, so that one listener added twice is removed once.
      const own = (key: string): void => hear(key)
      listeners.get(topic)?.add(own)
      return () => listeners.get(topic)?.delete(own)
    },
    async close() {
      for (const set of listeners.values()) set.clear()
      await outside.flush()
      await listener.close()
    },
  }
}

/** Sends what is pending, one batch after the other; while one is under way the next gathers. */
function createSender(listener: Listener, from: string): { pending: Pending; flush(): Promise<void> } {
  const pending: Pending = new Map()
  let sending: Promise<void> | undefined
  const sendBatch = async (): Promise<boolean> => {
    const chunks = split(drain(pending))
    for (const [index, wakes] of chunks.entries()) {
      if (await listener.send(channel, JSON.stringify({ from, wakes } satisfies Message))) continue
      for (const [topic, key] of chunks.slice(index).flat()) add(pending, topic, key)
      return false
    }
    return true
  }
  const sendAll = async (): Promise<void> => {
    let connected = true
    while (connected && pending.size > 0) connected = await sendBatch()
  }
  return {
    pending,
    flush() {
      sending ??= sendAll().finally(() => (sending = undefined))
      return sending
    },
  }
}

function add(pending: Pending, topic: WakeTopic, key: string): void {
  const keys = pending.get(topic) ?? new Set()
  pending.set(topic, keys)
  if (keys.has('')) return
  const all = key === '' || keys.size >= keysPerTopic
  if (all) keys.clear()
  keys.add(all ? '' : key)
}

function drain(pending: Pending): Message['wakes'] {
  const wakes = [...pending].flatMap(([topic, keys]) => [...keys].map((key): [WakeTopic, string] => [topic, key]))
  pending.clear()
  return wakes
}

function split(wakes: Message['wakes']): Message['wakes'][] {
  const chunks: Message['wakes'][] = []
  let bytes = payloadBytes
  for (const wake of wakes) {
    const size = Buffer.byteLength(JSON.stringify(wake)) + 1
    if (bytes + size > payloadBytes) {
      chunks.push([])
      bytes = 100
    }
    chunks.at(-1)?.push(wake)
    bytes += size
  }
  return chunks
}

function parse(payload: string): Message {
  try {
    return JSON.parse(payload) as Message
  } catch {
    return { wakes: [] }
  }
}
