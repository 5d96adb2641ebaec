import type { Fault } from '#lib/core/fault/index.ts'
import type { ChartSource, DesiredRelease } from '#lib/core/release/types.ts'

export interface PreparedChart {
  /** `tree:<git tree id>` or `sha256:…`: the same digest is the same chart. */
  digest: string
  name: string
  version: string
  appVersion: string
  /** Directory or archive that helm reads. */
  path: string
}

export type ArchiveSource = Extract<ChartSource, { kind: 'http' | 'oci' }>
export type GitSource = Extract<ChartSource, { kind: 'git' }>

/** What the worker knows of charts and their sources; after a restart it is had again from disk or source. */
export interface ChartMemory {
  /** Charts of Git by digest. */
  directories: Map<string, PreparedChart>
  /** What a Helm repository or registry last named, by `archiveKey`. */
  archives: Map<string, KnownArchive>
  /** Git tree ids by `<commit> <path>`. */
  trees: Map<string, string | undefined>
  /** The commit that charts of a ref other than the branch were last taken from. */
  refs: Map<string, string>
  /** Why a chart could not be had when it was last asked for, by `accessKey`. */
  faults: Map<string, ChartFault>
  /** Charts on their way, by `accessKey`: whoever else wants one waits for the same answer. */
  asked: Map<string, Promise<ChartAnswer>>
  /** Path of the chart that a release was last given, by the object id of its document. */
  used: Map<string, string>
  /** When sources that may name another chart by now were last looked at, milliseconds since the epoch. */
  refreshedAt: number
}

export interface KnownArchive {
  chart: PreparedChart
  /** What tells without a download whether the source names another archive; absent on one found on disk. */
  revision?: string
}

export interface ChartFault {
  kind: 'fault'
  fault: Fault
  /** Consecutive. */
  failures: number
  /** Not asked for before, milliseconds since the epoch; 0 = asking again is no use until something changes. */
  until: number
}

export type ChartAnswer = { kind: 'had'; chart: PreparedChart } | ChartFault

export function emptyChartMemory(): ChartMemory {
  return {
    directories: new Map(),
    archives: new Map(),
    trees: new Map(),
    refs: new Map(),
    faults: new Map(),
    asked: new Map(),
    used: new Map(),
    refreshedAt: 0,
  }
}

/** What a source names, whoever asks. */
export function archiveKey(source: ArchiveSource): string {
  if (source.kind === 'http') return JSON.stringify([source.url, source.name, source.version])
  if (source.digest !== undefined) return JSON.stringify([source.url, 'digest', source.digest])
  if (source.version !== undefined) return JSON.stringify([source.url, 'version', source.version])
  return JSON.stringify([source.url, 'tag', source.tag ?? 'latest'])
}

/** What decides whether a chart can be had: its source, at which commit of the branch, and with whose credentials. */
export function accessKey(release: Pick<DesiredRelease, 'chart' | 'namespace'>, head: string | undefined): string {
  const { chart, namespace } = release
  if (chart.kind === 'git') return JSON.stringify([head, chart.ref, chart.path, chart.skipDependencies])
  return JSON.stringify([archiveKey(chart), chart.secret ?? (chart.kind === 'oci' ? namespace : null)])
}
