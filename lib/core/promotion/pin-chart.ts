import type { ChartSource, Generation } from '../release/types.ts'

/** How the chart of a document is kept where it was. */
export type ChartPin =
  | { kind: 'none' }
  | { kind: 'pin'; path: readonly string[]; value: string }
  /** What it stands in is another document, or cannot name a version. */
  | { kind: 'cannot'; reason: string }

export interface ChartThen {
  /** Commit of the repository the chart comes from; for charts of Git. */
  commit?: string
  /** Exact version of the chart; for charts of a repository. */
  version: string
}

/**
 * Where a document names the chart it is to stay with: `chart.ref` of a chart in Git, the exact version of one from a
 * repository. Asked only where the same document would get another chart now than it did then.
 */
export function pinChart(
  document: { generation: Generation; chart: ChartSource; spec: Readonly<Record<string, unknown>> },
  then: ChartThen,
): ChartPin {
  const { generation, chart, spec } = document
  if (generation === 'helm.toolkit.fluxcd.io/v2') return pinSource(chart, spec, then)
  switch (chart.kind) {
    case 'git':
      if (then.commit === undefined)
        return { kind: 'cannot', reason: `The commit of ${chart.path} at that time is not known.` }
      return { kind: 'pin', path: ['spec', 'chart', 'ref'], value: then.commit }
    case 'http':
    case 'oci':
      return { kind: 'pin', path: ['spec', 'chart', 'version'], value: then.version }
  }
}

function pinSource(chart: ChartSource, spec: Readonly<Record<string, unknown>>, then: ChartThen): ChartPin {
  if (!isMap(spec.chart)) {
    const name = isMap(spec.chartRef) ? `${String(spec.chartRef.kind)} ${String(spec.chartRef.name)}` : 'its source'
    return { kind: 'cannot', reason: `The chart comes from ${name}, another document, and stays as that says now.` }
  }
  if (chart.kind === 'git') {
    return {
      kind: 'cannot',
      reason: `The chart ${chart.path} comes from a GitRepository, which stays at what it follows now.`,
    }
  }
  return { kind: 'pin', path: ['spec', 'chart', 'spec', 'version'], value: then.version }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
