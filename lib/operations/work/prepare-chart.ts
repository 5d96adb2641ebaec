import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readChartMetadata } from '#lib/core/chart/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { parseImageRef } from '#lib/core/image/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import type { ChartSource, DesiredRelease } from '#lib/core/release/types.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'git' | 'helm' | 'registry' | 'chartRepository' | 'log' | 'settings'> & {
  memory: Pick<WorkerDeps['memory'], 'snapshot' | 'charts' | 'trees'>
}

export interface PreparedChart {
  /** `tree:<git tree id>` or `sha256:…`: the same digest is the same chart. */
  digest: string
  name: string
  version: string
  appVersion: string
  /** Directory or archive that helm reads. */
  path: string
}

export type ChartReady = { kind: 'ready'; chart: PreparedChart } | { kind: 'failed'; problem: Problem }

/**
 * The chart of a release, on disk. A chart of the config repository is taken by the tree id of its directory, so a
 * commit that leaves it alone costs one lookup; archives are taken once per version.
 */
export async function prepareChart(deps: Deps, release: DesiredRelease): Promise<ChartReady> {
  try {
    const chart = await chartOf(deps, release.chart, release.namespace)
    return { kind: 'ready', chart }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return {
      kind: 'failed',
      problem: {
        code: error.code === 'invalid' ? 'chart-invalid' : 'chart-unavailable',
        severity: 'error',
        message: error.message,
        suggestion: error.suggestion,
        path: release.path,
        line: release.line,
        subject: release.id,
      },
    }
  }
}

async function chartOf(deps: Deps, source: ChartSource, namespace: string): Promise<PreparedChart> {
  switch (source.kind) {
    case 'git':
      return gitChart(deps, source)
    case 'http':
      return archive(deps, `${source.url} ${source.name} ${source.version}`, source.name, (file) =>
        deps.chartRepository.pull(source, file),
      )
    case 'oci': {
      const address = parseImageRef(source.url.replace(/^oci:\/\//, ''))
      if (!address) throw new Fault('invalid', `${source.url} is no OCI reference.`)
      const reference = source.digest ?? source.version ?? source.tag ?? 'latest'
      return archive(deps, `${source.url} ${reference}`, address.path.split('/').at(-1) ?? 'chart', async (file) =>
        (await deps.registry(address.host, [namespace])).pullChart(address, reference, file),
      )
    }
  }
}

async function gitChart(deps: Deps, source: Extract<ChartSource, { kind: 'git' }>): Promise<PreparedChart> {
  const commit = await commitOf(deps, source.ref)
  const tree = await treeOf(deps, commit, source.path)
  if (!tree)
    throw new Fault('invalid', `There is no directory ${source.path} at ${commit.slice(0, 8)}.`, {
      suggestion: 'Correct spec.chart.path, or add the chart.',
    })
  const digest = `tree:${tree}`
  const known = deps.memory.charts.get(digest)
  if (known) return known
  const path = join(deps.settings.chartsDir, tree)
  if (!existsSync(path)) await unpack(deps, commit, source, path)
  const { name, version, appVersion } = await metadataOf(path, source.path)
  const chart = { digest, path, name, version, appVersion }
  deps.memory.charts.set(digest, chart)
  return chart
}

/** Many releases share a chart: its tree is looked up once per commit. */
async function treeOf(deps: Deps, commit: string, path: string): Promise<string | undefined> {
  const key = `${commit} ${path}`
  if (!deps.memory.trees.has(key)) {
    for (const known of deps.memory.trees.keys()) if (!known.startsWith(commit)) deps.memory.trees.delete(known)
    deps.memory.trees.set(key, await deps.git.treeId(commit, path))
  }
  return deps.memory.trees.get(key)
}

async function commitOf(deps: Deps, ref: string | undefined): Promise<string> {
  const head = deps.memory.snapshot?.commit
  if (head && (ref === undefined || ref === deps.settings.branch)) return head
  const commit = await deps.git.resolve(ref ?? deps.settings.branch)
  if (!commit)
    throw new Fault('invalid', `The config repository has no ref ${ref}.`, { suggestion: 'Correct spec.chart.ref.' })
  return commit
}

/** Charts that a killed process was unpacking or pulling. Only while nobody else uses the directory. */
export async function removeUnfinishedCharts(chartsDir: string): Promise<void> {
  const unfinished = (await readdir(chartsDir)).filter((name) =>
    /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name),
  )
  await Promise.all(unfinished.map((name) => rm(join(chartsDir, name), { recursive: true, force: true })))
}

/** Unpacked beside and renamed, so that a half chart is never seen. */
async function unpack(deps: Deps, commit: string, source: { path: string; skipDependencies: boolean }, target: string) {
  const partial = `${target}.${randomUUID()}`
  try {
    await mkdir(partial, { recursive: true })
    await deps.git.exportDirectory(commit, source.path, partial)
    const { dependencies } = await metadataOf(partial, source.path)
    if (dependencies.length > 0 && !source.skipDependencies) {
      const built = await deps.helm.buildDependencies(partial)
      if (built.kind !== 'succeeded')
        throw new Fault('chart-unavailable', `Dependencies of ${source.path}: ${built.message}`)
    }
    await rename(partial, target).catch((error: NodeJS.ErrnoException) => {
      // Another release of the same chart was faster.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

async function metadataOf(directory: string, shown: string) {
  const text = await readFile(join(directory, 'Chart.yaml'), 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new Fault('invalid', `${shown} holds no Chart.yaml.`, { suggestion: 'Correct spec.chart.path.' })
  const { chart, problems } = readChartMetadata(text)
  if (!chart) throw new Fault('invalid', `${shown}/Chart.yaml: ${problems[0]?.message ?? 'is not readable.'}`)
  return { ...chart, appVersion: chart.appVersion ?? '' }
}

async function archive(
  deps: Deps,
  key: string,
  name: string,
  pull: (file: string) => Promise<{ version: string; digest: string }>,
): Promise<PreparedChart> {
  const known = deps.memory.charts.get(key)
  if (known && existsSync(known.path)) return known
  await mkdir(deps.settings.chartsDir, { recursive: true })
  const file = join(deps.settings.chartsDir, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.tgz`)
  const partial = `${file}.${randomUUID()}`
  try {
    const { version, digest } = await pull(partial)
    await rename(partial, file)
    const chart = { digest, name, version, appVersion: '', path: file }
    deps.memory.charts.set(key, chart)
    return chart
  } finally {
    await rm(partial, { force: true })
  }
}
