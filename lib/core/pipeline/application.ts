import type { ChartSource } from '../release/types.ts'
import { environmentOf } from './environments.ts'

/** Label that names the application outright. */
export const applicationLabel = 'wheelhouse.dev/application'

const suffixes = ['dev', 'development', 'test', 'testing', 'qa', 'rc', 'stg', 'stage', 'staging', 'prod', 'production']

interface Named {
  name: string
  path: string
  labels: Readonly<Record<string, string>>
}

/**
 * The application a release belongs to: its label, else its name without the suffix of its environment (`podinfo-rc` →
 * `podinfo`), else, where the name is nothing but an environment, its chart.
 */
export function applicationOf(release: Named, chartName?: string): string {
  const label = release.labels[applicationLabel]
  if (label) return label
  const environment = environmentOf(release.path)
  const known = environment === undefined ? suffixes : [environment, ...suffixes]
  const suffix = known.find((word) => release.name.length > word.length + 1 && release.name.endsWith(`-${word}`))
  if (suffix !== undefined) return release.name.slice(0, -suffix.length - 1)
  return known.includes(release.name) && chartName ? chartName : release.name
}

/** Name of the chart as far as Git says it. */
export function chartNameOf(chart: ChartSource): string {
  if (chart.kind === 'http') return chart.name
  return (chart.kind === 'git' ? chart.path : chart.url).split('/').at(-1) ?? 'chart'
}
