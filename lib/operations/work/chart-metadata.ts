import { readChartMetadata, type ChartMetadata } from '#lib/core/chart/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { Helm } from '#lib/ports/helm.ts'
import type { PreparedChart } from './chart-memory.ts'

/** Chart.yaml of a chart on disk, directory or archive. `shown` says in messages which chart it is. */
export async function readMetadata(
  helm: Pick<Helm, 'readChartFile'>,
  path: string,
  shown: string,
): Promise<ChartMetadata> {
  const text = await helm.readChartFile(path, 'Chart.yaml').catch((error: unknown) => {
    throw error instanceof Fault ? error : new Fault('invalid', `${shown} is no readable archive.`, { cause: error })
  })
  if (text === undefined) {
    throw new Fault('invalid', `${shown} holds no Chart.yaml.`, { suggestion: 'Correct the source of the chart.' })
  }
  const { chart, problems } = readChartMetadata(text)
  if (!chart) throw new Fault('invalid', `${shown}/Chart.yaml: ${problems[0]?.message ?? 'is not readable.'}`)
  return chart
}

/** What pages show of a chart. */
export function namesOf(metadata: ChartMetadata): Pick<PreparedChart, 'name' | 'version' | 'appVersion'> {
  return { name: metadata.name, version: metadata.version, appVersion: metadata.appVersion ?? '' }
}
