import type { ProviderDeps } from '../operations/request/provider-deps.ts'
import type { keptPayload } from '#lib/core/webhook/index.ts'
import type { ShownConfig } from '../operations/read/shown-config.ts'
import type { Log } from '#lib/ports/log.ts'
import type { Wakeups } from '#lib/ports/wakeups.ts'
import type { LiveEvents } from './live-events.ts'
import type { Metrics } from './metrics.ts'

/** Everything outside that the web process uses. Built by wiring before the first request. */
export interface WebDeps extends ProviderDeps {
  wakeups: Wakeups
  log: Log
  live: LiveEvents
  metrics: Metrics
  shown: ShownConfig
  /** Reads anew which repository was connected. */
  renewShown(): Promise<void>
  /** That many fresh random bytes. */
  random(bytes: number): Buffer
  /** What is kept of a delivery's payload: nothing secret. */
  keptPayload: typeof keptPayload
  /** Absent = webhooks are refused. */
  hookSecret: string | undefined
}

/** Next evaluates modules once per bundle; what is per process hangs on the global object. */
const slot = Symbol.for('wheelhouse.web')
const shared = globalThis as { [slot]?: WebDeps }

export function provideWebDeps(deps: WebDeps): void {
  shared[slot] = deps
}

export function webDeps(): WebDeps {
  const deps = shared[slot]
  if (!deps) throw new Error('The web process was not wired: start it with npm start or npm run web.')
  return deps
}
