import type { WriteRequest } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { settleAlerts } from './settle-alerts.ts'
import { auditOfWrite } from './write-audit.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'log' | 'settings' | 'memory' | 'wakeups'>

/** The branch takes no push; it is tried again at `until` (milliseconds since the epoch), or when its head moves. */
export interface HeldBack {
  kind: 'held-back'
  until: number
}

const firstRetryMs = 10_000
const longestRetryMs = 300_000

const alertKey = ({ settings }: Deps): string => `push ${settings.repository} ${settings.branch}`

/** Nothing decided is lost (§9.28): the requests stay queued, each says why it waits, and there is one alert. */
export async function holdBack(
  deps: Deps,
  requests: readonly WriteRequest[],
  head: string,
  reason: string,
): Promise<HeldBack> {
  const { branch } = deps.settings
  const before = deps.memory.pushRefused
  const times = (before?.times ?? 0) + 1
  const until = deps.clock.now() + Math.min(firstRetryMs * 2 ** (times - 1), longestRetryMs)
  const told = before?.reason === reason ? before.told : new Set<string>()
  const untold = requests.filter(({ id }) => !told.has(id))
  const waiting = { kind: 'commit.waiting', reason: `${branch} takes no push: ${reason}`, intent: undefined }
  await deps.store.record(untold.map((request) => ({ ...auditOfWrite(deps, request), ...waiting })))
  await settleAlerts(deps, alertKey(deps), {
    wanted: [
      {
        key: alertKey(deps),
        kind: 'push-refused',
        severity: 'critical',
        title: `${branch} takes no push`,
        detail: `${reason} What was decided waits and is tried again.`,
        nextStep: 'Allow Wheelhouse to push to the branch, or change the branch it writes to.',
      },
    ],
    kept: [],
  })
  deps.memory.pushRefused = { head, reason, times, until, told: new Set([...told, ...requests.map(({ id }) => id)]) }
  deps.log.warn('push refused', { head, reason, times })
  return { kind: 'held-back', until }
}

/** A commit went through, or nothing waits for the branch any more. */
export async function pushesAgain(deps: Deps): Promise<void> {
  deps.memory.pushRefused = undefined
  await settleAlerts(deps, alertKey(deps), { wanted: [], kept: [] })
}
