import type { ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '#lib/ports/log.ts'
import { ended } from './child-process.ts'

const firstPauseMs = 500
/** With the start itself well below the 15 s in which the product is back at work after a crash. */
const longestPauseMs = 3_000
/** A child that ran this long does not fail at its start: the next pause is short again. */
const healthyMs = 5_000

export interface KeptAlive {
  pid(): number | undefined
  /** Ends the child with SIGTERM, after `patienceMs` with SIGKILL; resolves when it has gone. */
  stop(patienceMs: number): Promise<void>
}

/** Starts a child again whenever it ends, with growing pauses, until it is stopped. */
export function keepAlive(name: string, start: () => ChildProcess, log: Log): KeptAlive {
  const stopping = new AbortController()
  let child: ChildProcess | undefined

  const over = (async () => {
    let pauseMs = firstPauseMs
    while (!stopping.signal.aborted) {
      const startedAt = Date.now()
      child = start()
      const end = await ended(child)
      child = undefined
      if (stopping.signal.aborted) return
      if (Date.now() - startedAt >= healthyMs) pauseMs = firstPauseMs
      log.error(`${name} ended; starting it again`, { end, inMs: pauseMs })
      await pause(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
  })()

  return {
    pid: () => child?.pid,
    async stop(patienceMs) {
      stopping.abort()
      child?.kill('SIGTERM')
      const timer = setTimeout(() => child?.kill('SIGKILL'), patienceMs)
      await over
      clearTimeout(timer)
    },
  }
}
