import { Fault } from '#lib/core/fault/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import { takeArchive } from './chart-archive.ts'
import { accessKey, type ChartAnswer, type ChartFault, type PreparedChart } from './chart-memory.ts'
import type { WorkerDeps } from './deps.ts'
import { isForeign, takeGitChart } from './git-chart.ts'

type Deps = Pick<WorkerDeps, 'git' | 'helm' | 'registry' | 'chartRepository' | 'clock' | 'settings'> & {
  memory: Pick<WorkerDeps['memory'], 'snapshot' | 'charts'>
}

export type ChartReady =
  | { kind: 'ready'; chart: PreparedChart }
  /** Its source does not answer; asked again at `until`, milliseconds since the epoch. */
  | { kind: 'waiting'; problem: Problem; until: number }
  | { kind: 'failed'; problem: Problem }

/**
 * The chart of a release, on disk. One that could be had later without anybody changing anything is waited for: all
 * releases that want it wait together, with growing pauses.
 */
export async function prepareChart(deps: Deps, release: DesiredRelease): Promise<ChartReady> {
  const { charts, snapshot } = deps.memory
  if (isForeign(release.chart, deps.settings.repository))
    return { kind: 'failed', problem: foreignSource(deps, release) }
  const key = accessKey(release, snapshot?.commit)
  const held = charts.faults.get(key)
  if (held && held.until > deps.clock.now()) return withoutChart(release, held)
  const answer = await askOnce(deps, key, release)
  if (answer.kind === 'fault') return withoutChart(release, answer)
  charts.used.set(release.id, answer.chart.path)
  return { kind: 'ready', chart: answer.chart }
}

async function askOnce(deps: Deps, key: string, release: DesiredRelease): Promise<ChartAnswer> {
  const { asked } = deps.memory.charts
  const under = asked.get(key)
  if (under) return under
  const answer = ask(deps, key, release).finally(() => asked.delete(key))
  asked.set(key, answer)
  return answer
}

async function ask(deps: Deps, key: string, release: DesiredRelease): Promise<ChartAnswer> {
  const { faults } = deps.memory.charts
  try {
    const { chart, namespace } = release
    const taken = chart.kind === 'git' ? await takeGitChart(deps, chart) : await takeArchive(deps, chart, namespace)
    faults.delete(key)
    return { kind: 'had', chart: taken }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const failures = (faults.get(key)?.failures ?? 0) + 1
    const pauseMs = Math.max(error.retryAfterMs ?? 0, pauseAfter(failures))
    const fault: ChartFault = {
      kind: 'fault',
      fault: error,
      failures,
      until: error.retryable ? deps.clock.now() + pauseMs : 0,
    }
    faults.set(key, fault)
    return fault
  }
}

const firstPauseMs = 5_000
const longestPauseMs = 300_000

function pauseAfter(failures: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 10))
}

function withoutChart(release: DesiredRelease, { fault, until }: ChartFault): ChartReady {
  const code = fault.code === 'invalid' ? 'chart-invalid' : 'chart-unavailable'
  const problem = problemOf(release, code, fault.message, fault.suggestion)
  return fault.retryable ? { kind: 'waiting', problem, until } : { kind: 'failed', problem }
}

function foreignSource({ settings }: Deps, release: DesiredRelease): Problem {
  const message = `The chart is said to be in another Git repository than ${settings.repository}, from which all charts of Git are taken.`
  const suggestion =
    'Copy the chart there and name that repository, or none; or publish it to a Helm repository or OCI registry.'
  return problemOf(release, 'chart-source', message, suggestion)
}

function problemOf(release: DesiredRelease, code: string, message: string, suggestion: string | undefined): Problem {
  const { path, line, id: subject } = release
  return { code, severity: 'error', message, suggestion, path, line, subject }
}
