import { randomUUID } from 'node:crypto'
import { renameSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '#lib/core/fault/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import { stemOf } from './chart-archive.ts'
import { accessKey, archiveKey } from './chart-memory.ts'
import { helmReleaseId, type WorkerDeps } from './deps.ts'
import { gitChartName } from './git-chart.ts'

type Deps = Pick<WorkerDeps, 'git' | 'helm' | 'log' | 'settings' | 'memory'>

/** Charts out of use that stay: a commit that is taken back wants the last ones again. */
const keptUnused = 5

const unfinished = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Removes charts that no release of the snapshot is made of, nor any that helm runs on now, but for the newest few.
 * Unfinished ones are left to those who make them.
 */
export async function sweepCharts(deps: Deps, releases: readonly DesiredRelease[]): Promise<void> {
  if (!deps.memory.snapshot) return
  forget(deps, releases)
  const isWanted = await wantedBy(deps, releases)
  const { chartsDir } = deps.settings
  const names = (await readdir(chartsDir).catch(() => [])).filter((name) => !unfinished.test(name))
  const unused = await Promise.all(
    names
      .filter((name) => !isWanted(name))
      .map(async (name) => ({ name, at: (await stat(join(chartsDir, name)).catch(() => undefined))?.mtimeMs ?? 0 })),
  )
  for (const { name } of unused.toSorted((a, b) => b.at - a.at).slice(keptUnused)) {
    if (!isWanted(name)) await remove(deps, name)
  }
}

/** Charts that a killed process was unpacking, pulling or removing. Only while nobody else uses the directory. */
export async function removeUnfinishedCharts(chartsDir: string): Promise<void> {
  const left = (await readdir(chartsDir)).filter((name) => unfinished.test(name))
  await Promise.all(left.map((name) => rm(join(chartsDir, name), { recursive: true, force: true })))
}

/** Drops from memory what neither the snapshot nor a running helm has to do with. */
function forget({ memory }: Deps, releases: readonly DesiredRelease[]): void {
  const { charts, snapshot, attempts } = memory
  const ids = new Set(releases.map(({ id }) => id))
  for (const record of memory.releases.values()) {
    // A release whose file cannot be read just now is still wanted.
    if (record.desired || attempts.get(record.id)?.state === 'running') ids.add(helmReleaseId(record))
  }
  const refs = new Set(releases.map(({ chart }) => (chart.kind === 'git' ? chart.ref : undefined)))
  keepOnly(charts.used, (id) => ids.has(id))
  keepOnly(charts.refs, (ref) => refs.has(ref))
  const archives = new Set(releases.flatMap(({ chart }) => (chart.kind === 'git' ? [] : [archiveKey(chart)])))
  keepOnly(charts.archives, (key) => archives.has(key))
  const access = new Set(releases.map((release) => accessKey(release, snapshot?.commit)))
  keepOnly(charts.faults, (key) => access.has(key))
  const commits = new Set([snapshot?.commit, ...charts.refs.values()])
  keepOnly(charts.trees, (key) => commits.has(key.split(' ')[0]))
}

function keepOnly<T>(map: Map<string, T>, isKept: (key: string) => boolean): void {
  for (const key of map.keys()) if (!isKept(key)) map.delete(key)
}

/** Asked again right before a removal: a release may have been given the chart meanwhile. */
async function wantedBy(deps: Deps, releases: readonly DesiredRelease[]): Promise<(name: string) => boolean> {
  const { chartsDir } = deps.settings
  const { charts } = deps.memory
  const directories = new Set<string | undefined>()
  const stems = new Map<string, string>()
  for (const { chart } of releases) {
    if (chart.kind === 'git') directories.add(await gitChartName(deps, chart).catch(unlessFault))
    else stems.set(stemOf(archiveKey(chart)), archiveKey(chart))
  }
  return (name) => {
    if (directories.has(name) || [...charts.used.values()].includes(join(chartsDir, name))) return true
    const key = stems.get(name.split('-')[0] ?? '')
    if (key === undefined) return false
    const known = charts.archives.get(key)
    // Not asked for since the start: any of them may be it.
    return known === undefined || known.chart.path === join(chartsDir, name)
  }
}

function unlessFault(error: unknown): undefined {
  if (!(error instanceof Fault)) throw error
}

async function remove({ settings, memory, log }: Deps, name: string): Promise<void> {
  const path = join(settings.chartsDir, name)
  const going = `${path}.${randomUUID()}`
  renameSync(path, going)
  memory.charts.directories.delete(name)
  await rm(going, { recursive: true, force: true })
  log.info('chart out of use removed', { chart: name })
}
