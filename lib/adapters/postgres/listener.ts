import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import type { Log } from '../../ports/log.ts'

export interface ListenerOptions {
  url: string
  log: Log
  applicationName: string
  channels: readonly string[]
}

/** One connection of its own that listens. */
export interface Listener {
  /** Hears notices, and undefined after every new connection: then anything may have been missed. Connects if needed. */
  on(hear: (notice: Notice | undefined) => void): () => void
  /** Resolves after the first attempt to connect, whatever its outcome. */
  ready(): Promise<void>
  /** Sends over the same connection; false = not connected. */
  send(channel: string, payload: string): Promise<boolean>
  close(): Promise<void>
}

export interface Notice {
  channel: string
  payload: string
}

const longestPauseMs = 2000
/** A connection that died silently is noticed by asking. */
const heartbeatMs = 30_000

export function createListener(options: ListenerOptions): Listener {
  const hearers = new Set<(notice: Notice | undefined) => void>()
  const closing = new AbortController()
  let current: Client | undefined
  let running: Promise<void> | undefined
  const { promise: firstAttempt, resolve: settle } = Promise.withResolvers<void>()
  const tell = (notice: Notice | undefined): void => {
    for (const hear of hearers) {
      try {
        hear(notice)
      } catch (error) {
        options.log.error('a database listener failed', { error: String(error) })
      }
    }
  }
  const keepConnected = async (): Promise<void> => {
    let pause = 50
    while (!closing.signal.aborted) {
      const connected = await listen(options, closing.signal, tell, (client) => {
        current = client
        settle()
      })
      current = undefined
      settle()
      pause = connected ? 50 : Math.min(pause * 2, longestPauseMs)
      await delay(pause * (0.5 + Math.random()), undefined, { signal: closing.signal, ref: false }).catch(
        () => undefined,
      )
    }
  }
  const start = (): void => void (running ??= closing.signal.aborted ? Promise.resolve() : keepConnected())
  return {
    on(hear) {
      hearers.add(hear)
      start()
      return () => hearers.delete(hear)
    },
    ready() {
      start()
      return firstAttempt
    },
    async send(channel, payload) {
      try {
        await current?.query('SELECT pg_notify($1, $2)', [channel, payload])
        return current !== undefined
      } catch {
        return false
      }
    },
    async close() {
      closing.abort()
      hearers.clear()
      await running
    },
  }
}

/** Listens on one connection until it ends; false = it never came up. */
async function listen(
  options: ListenerOptions,
  closing: AbortSignal,
  tell: (notice: Notice | undefined) => void,
  onConnected: (client: Client) => void,
): Promise<boolean> {
  const client = new Client({
    connectionString: options.url,
    application_name: `${options.applicationName}-listen`,
    connectionTimeoutMillis: 5000,
    query_timeout: 10_000,
    keepAlive: true,
  })
  const ended = new Promise<void>((done) => {
    client.on('end', () => done()).on('error', () => done())
    closing.addEventListener('abort', () => done(), { once: true })
  })
  let connected = false
  let heartbeat: NodeJS.Timeout | undefined
  try {
    await client.connect()
    client.on('notification', ({ channel, payload }) => tell({ channel, payload: payload ?? '' }))
    await client.query(options.channels.map((channel) => `LISTEN ${client.escapeIdentifier(channel)}`).join('; '))
    connected = true
    onConnected(client)
    tell(undefined)
    const lost = new Promise<void>((done) => {
      heartbeat = setInterval(() => void client.query('SELECT 1').catch(() => done()), heartbeatMs)
      heartbeat.unref()
    })
    await Promise.race([ended, lost])
    if (!closing.aborted) options.log.warn('lost the database connection that listens')
  } catch (error) {
    options.log.warn('the database cannot be listened to', { error: (error as Error).message })
  } finally {
    clearInterval(heartbeat)
    await Promise.race([client.end().catch(() => undefined), delay(1000, undefined, { ref: false })])
  }
  return connected
}
