import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isSameRepository } from '#lib/core/chart/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { ChartSource } from '#lib/core/release/types.ts'
import { namesOf, readMetadata } from './chart-metadata.ts'
import type { GitSource, PreparedChart } from './chart-memory.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'git' | 'helm' | 'settings'> & {
  memory: Pick<WorkerDeps['memory'], 'snapshot' | 'charts'>
}

/** A chart of some other Git repository: a path of that name in ours would be another chart. */
export function isForeign(source: ChartSource, repository: string): boolean {
  return source.kind === 'git' && source.url !== undefined && !isSameRepository(source.url, repository)
}

/** A chart of the config repository, taken by the tree id of its directory: what leaves that alone costs one lookup. */
export async function takeGitChart(deps: Deps, source: GitSource): Promise<PreparedChart> {
  const { charts } = deps.memory
  const commit = await commitOf(deps, source.ref)
  if (source.ref !== undefined) charts.refs.set(source.ref, commit)
  const tree = await chartTree(deps, commit, source.path)
  if (!tree) {
    throw new Fault('invalid', `There is no directory ${source.path} at ${commit.slice(0, 8)}.`, {
      suggestion: 'Correct spec.chart.path, or add the chart.',
    })
  }
  const directory = directoryName(tree, source)
  const known = charts.directories.get(directory)
  if (known) return known
  const path = join(deps.settings.chartsDir, directory)
  if (!existsSync(path)) await unpack(deps, commit, source, path)
  const metadata = await readMetadata(deps.helm, path, source.path)
  const chart = { digest: `tree:${directory}`, path, ...namesOf(metadata) }
  charts.directories.set(directory, chart)
  return chart
}

/** One tree is two charts where it is also wanted without its dependencies. */
function directoryName(tree: string, source: GitSource): string {
  return source.skipDependencies ? `${tree}-bare` : tree
}

/** Name of its directory in `chartsDir`, unpacked or not; undefined where there is no such chart. */
export async function gitChartName(deps: Deps, source: GitSource): Promise<string | undefined> {
  if (isForeign(source, deps.settings.repository)) return undefined
  const tree = await chartTree(deps, await commitOf(deps, source.ref), source.path)
  return tree && directoryName(tree, source)
}

/** Many releases share a chart: its tree is looked up once per commit. */
export async function chartTree(
  deps: Pick<Deps, 'git'> & { memory: Pick<WorkerDeps['memory'], 'charts'> },
  commit: string,
  path: string,
): Promise<string | undefined> {
  const { trees } = deps.memory.charts
  const key = `${commit} ${path}`
  if (!trees.has(key)) trees.set(key, await deps.git.treeId(commit, path))
  return trees.get(key)
}

async function commitOf(deps: Deps, ref: string | undefined): Promise<string> {
  const { branch } = deps.settings
  const head = deps.memory.snapshot?.commit
  if (head && (ref === undefined || ref === branch)) return head
  const commit = await deps.git.resolve(ref ?? branch)
  if (!commit) {
    deps.memory.charts.refs.delete(ref ?? branch)
    throw new Fault('invalid', `The config repository has no ref ${ref ?? branch}.`, {
      suggestion: 'Correct spec.chart.ref.',
    })
  }
  return commit
}

/** Unpacked beside and renamed, so that a half chart is never seen. */
async function unpack(deps: Deps, commit: string, source: GitSource, target: string): Promise<void> {
  const partial = `${target}.${randomUUID()}`
  try {
    await mkdir(partial, { recursive: true })
    await deps.git.exportDirectory(commit, source.path, partial)
    const { dependencies } = await readMetadata(deps.helm, partial, source.path)
    if (dependencies.length > 0 && !source.skipDependencies) {
      const built = await deps.helm.buildDependencies(partial)
      if (built.kind !== 'succeeded') {
        // They come from other hosts, which helm does not tell apart from what is written wrongly.
        const message = `Dependencies of ${source.path}: ${built.message}`
        throw new Fault('chart-unavailable', message, { retryable: true })
      }
    }
    await rename(partial, target).catch((error: NodeJS.ErrnoException) => {
      // Another release of the same chart was faster.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}
