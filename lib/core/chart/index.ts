export { isExactVersion, pickVersion, type PickedVersion } from './pick-version.ts'
export { readChartMetadata, type ChartDependency, type ChartMetadata, type ReadChart } from './read-chart-metadata.ts'
export { safeChartPath, type ChartPath } from './safe-chart-path.ts'
export { isSameRepository } from './same-repository.ts'

/** Media type of the layer that holds a chart's archive in an OCI registry (Helm, `registry.ChartLayerMediaType`). */
export const chartLayerType = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'
