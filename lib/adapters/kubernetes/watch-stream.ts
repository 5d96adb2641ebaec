import type { IncomingMessage } from 'node:http'
import type { Clock } from '#lib/ports/clock.ts'
import { createLineSplitter } from './json-lines.ts'
import type { ApiRequest, Transport } from './transport.ts'
import type { Timers } from './waker.ts'

/** How one watch connection ended. */
export type StreamEnd =
  /** The server closed it in good order, as it does when `timeoutSeconds` are over. */
  | { kind: 'closed' }
  /** Nothing arrived for so long that not even the bookmark of the minute did. */
  | { kind: 'stalled'; silentMs: number }
  | { kind: 'broken'; reason: string }

export interface StreamHandlers {
  /** The server accepted the watch. */
  onOpen(): void
  /** Throws to end the stream with that reason. */
  onLine(line: string): void
}

export interface StreamDeps {
  transport: Pick<Transport, 'stream'>
  clock: Clock
  timers: Timers
}

/** Far above the largest object the API server stores (about 3 MiB as JSON). */
const maxLineBytes = 32 * 1024 * 1024

/**
 * Follows one watch until it ends, by the server, by silence of `stallMs`, or by `signal`. Rejects with the Fault of
 * an answer that is no watch, or with what `onLine` threw.
 */
export async function followStream(
  deps: StreamDeps,
  request: ApiRequest & { signal: AbortSignal },
  stallMs: number,
  handlers: StreamHandlers,
): Promise<StreamEnd> {
  const response = await deps.transport.stream({ ...request, timeoutMs: 60_000 })
  // A connection that a firewall forgot is noticed by the kernel within about a minute.
  response.socket.setKeepAlive({ enable: true, initialDelay: 30_000, interval: 10_000, count: 3 })
  response.socket.setTimeout(0)
  handlers.onOpen()
  return consume(deps, response, stallMs, handlers)
}

function consume(
  deps: StreamDeps,
  response: IncomingMessage,
  stallMs: number,
  handlers: StreamHandlers,
): Promise<StreamEnd> {
  return new Promise((resolve, reject) => {
    let heardAt = deps.clock.now()
    let cancel: (() => void) | undefined
    const end = (settle: () => void) => {
      cancel?.()
      response.destroy()
      settle()
    }
    const listen = (ms: number) => {
      cancel = deps.timers.after(ms, () => {
        const silentMs = deps.clock.now() - heardAt
        if (silentMs >= stallMs) end(() => resolve({ kind: 'stalled', silentMs }))
        else listen(stallMs - silentMs)
      })
    }
    const splitter = createLineSplitter(handlers.onLine, maxLineBytes)
    listen(stallMs)
    response.on('data', (chunk: Buffer) => {
      heardAt = deps.clock.now()
      try {
        splitter.push(chunk)
      } catch (error) {
        end(() => reject(error instanceof Error ? error : new Error(String(error))))
      }
    })
    response.once('end', () => {
      cancel?.()
      resolve({ kind: 'closed' })
    })
    response.on('error', (error) => end(() => resolve({ kind: 'broken', reason: error.message })))
    // Destroyed without an end, as an abort does.
    response.once('close', () => end(() => resolve({ kind: 'broken', reason: 'the connection was closed' })))
  })
}
