import { registryAlerts, registryScope } from '#lib/core/alert/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import type { WorkerDeps } from './deps.ts'
import { settleAlerts } from './settle-alerts.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'memory' | 'wakeups'>

/** Host of a canonical repository name. */
const hostOf = (repository: string): string => repository.slice(0, repository.indexOf('/'))

/** Keeps which repositories of a host cannot be scanned, and the host's alert with it. */
export async function noteFailingScan(deps: Deps, repository: string, problem: Problem): Promise<void> {
  const { failingScans } = deps.memory
  const known = failingScans.get(repository)
  const since = known?.problem.code === problem.code ? known.since : deps.clock.now()
  failingScans.set(repository, { repository, problem, since })
  await settleHost(deps, hostOf(repository))
}

/** The scan went well, or nobody wants it any more. */
export async function forgetFailingScan(deps: Deps, repository: string): Promise<void> {
  const host = hostOf(repository)
  const wasFailing = deps.memory.failingScans.delete(repository)
  const isTold = [...deps.memory.openAlerts].some((key) => key.startsWith(registryScope(host)))
  if (wasFailing || isTold) await settleHost(deps, host)
}

async function settleHost(deps: Deps, host: string): Promise<void> {
  const failing = [...deps.memory.failingScans.values()].filter(({ repository }) => hostOf(repository) === host)
  await settleAlerts(deps, registryScope(host), { wanted: registryAlerts(host, failing, deps.clock.now()), kept: [] })
}
