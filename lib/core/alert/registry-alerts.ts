import type { Problem } from '../problem/index.ts'
import type { WantedAlert } from './types.ts'

/** A repository whose last scan failed. */
export interface FailingScan {
  repository: string
  problem: Problem
  /** Milliseconds since the epoch: how long it has been failing in this way. */
  since: number
}

/** Milliseconds: a registry that asks for patience, or answers nonsense for a while, is no incident before. */
const patienceMs = 900_000

const titles: Record<string, { title: (host: string) => string; patienceMs: number }> = {
  'registry-unreachable': { title: (host) => `${host} cannot be reached`, patienceMs: 0 },
  'registry-unauthorized': { title: (host) => `${host} does not let Wheelhouse in`, patienceMs: 0 },
  'rate-limited': { title: (host) => `${host} limits requests`, patienceMs },
  'registry-answer-invalid': { title: (host) => `${host} gives answers that cannot be read`, patienceMs },
}

export const registryScope = (host: string): string => `registry ${host} `

/**
 * One incident for each way in which scans of a host fail, whatever the number of its repositories: it is told by the
 * first of them in order of name, so that a thousand of them failing do not change it a thousand times.
 */
export function registryAlerts(host: string, failing: readonly FailingScan[], now: number): WantedAlert[] {
  return [...Map.groupBy(failing, ({ problem }) => problem.code)].flatMap(([code, scans]) => {
    const known = titles[code]
    const lasting = known ? scans.filter(({ since }) => now - since >= known.patienceMs) : []
    const [first] = lasting.toSorted((a, b) => (a.repository < b.repository ? -1 : 1))
    if (!known || !first) return []
    const others = lasting.length > 1 ? ' It is not the only repository.' : ''
    return {
      key: `${registryScope(host)}${code}`,
      kind: code,
      severity: 'warning' as const,
      title: known.title(host),
      detail: `${first.repository}: ${first.problem.message}${others} New tags there are not seen.`,
      nextStep: first.problem.suggestion ?? 'Check the address, the network and the credentials for this registry.',
    }
  })
}
