'use client'

import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { createContext, use, useEffect, useState, type ReactNode } from 'react'
import { keys, keysOf } from './query-keys.ts'

/** How the page is connected to what happens. */
export type LiveState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'reconnecting'; since: number }
  /** Nothing heard for long: what is shown may be old. */
  | { kind: 'stale'; since: number }

const Live = createContext<LiveState>({ kind: 'connecting' })

/** A connection that is away for longer than this makes the page stale. */
const staleAfterMs = 15_000
const retryAfterMs = 3_000

const connected = (): LiveState => ({ kind: 'live' })
const away = (state: LiveState): LiveState =>
  state.kind === 'live' || state.kind === 'connecting' ? { kind: 'reconnecting', since: Date.now() } : state
const tooLong = (state: LiveState): LiveState =>
  state.kind === 'reconnecting' ? { kind: 'stale', since: state.since } : state

/** Opens the one event stream of this page; returns what closes it. */
function listen(client: QueryClient, setState: (change: (state: LiveState) => LiveState) => void): () => void {
  let source: EventSource
  let retry: ReturnType<typeof setTimeout> | undefined
  let old: ReturnType<typeof setTimeout> | undefined
  let position = ''

  /** The stream is there; from `position` on nothing is missed, so what was read before it is read anew once. */
  const arrived = (message: MessageEvent) => {
    if (position === '' || message.type === 'reset') void client.invalidateQueries()
    position = message.lastEventId || position
    clearTimeout(old)
    old = undefined
    setState(connected)
  }
  const open = () => {
    source = new EventSource(position ? `/api/events?after=${encodeURIComponent(position)}` : '/api/events')
    source.addEventListener('hello', arrived)
    source.addEventListener('reset', arrived)
    source.addEventListener('message', (message: MessageEvent<string>) => {
      position = message.lastEventId || position
      for (const queryKey of keysOf(JSON.parse(message.data))) void client.invalidateQueries({ queryKey })
    })
    source.addEventListener('error', () => {
      setState(away)
      old ??= setTimeout(() => setState(tooLong), staleAfterMs)
      if (source.readyState !== EventSource.CLOSED) return
      // Refused, perhaps because the session has ended: this question says so.
      void client.invalidateQueries({ queryKey: keys.me })
      retry = setTimeout(open, retryAfterMs)
    })
  }
  open()
  return () => {
    clearTimeout(retry)
    clearTimeout(old)
    source.close()
  }
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>({ kind: 'connecting' })
  useEffect(() => listen(client, setState), [client])
  return <Live value={state}>{children}</Live>
}

export const useLive = (): LiveState => use(Live)
