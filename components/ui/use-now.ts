'use client'

import { useSyncExternalStore } from 'react'

interface Ticker {
  now: number
  listeners: Set<() => void>
  timer?: ReturnType<typeof setInterval>
}

const tickers = new Map<number, Ticker>()

function tickerOf(intervalMs: number): Ticker {
  const known = tickers.get(intervalMs)
  if (known) return known
  const ticker: Ticker = { now: Date.now(), listeners: new Set() }
  tickers.set(intervalMs, ticker)
  return ticker
}

function subscribe(intervalMs: number, listener: () => void): () => void {
  const ticker = tickerOf(intervalMs)
  ticker.listeners.add(listener)
  ticker.timer ??= setInterval(() => {
    ticker.now = Date.now()
    for (const tell of ticker.listeners) tell()
  }, intervalMs)
  return () => {
    ticker.listeners.delete(listener)
    if (ticker.listeners.size > 0) return
    clearInterval(ticker.timer)
    ticker.timer = undefined
  }
}

/** The time, renewed every `intervalMs`: one timer for all who ask with the same interval. */
export function useNow(intervalMs: number): number {
  return useSyncExternalStore(
    (listener) => subscribe(intervalMs, listener),
    () => {
      const ticker = tickerOf(intervalMs)
      // While nobody listens nothing ticks, so the first reader brings the clock up to date.
      if (ticker.listeners.size === 0 && Date.now() - ticker.now >= intervalMs) ticker.now = Date.now()
      return ticker.now
    },
    () => tickerOf(intervalMs).now,
  )
}
