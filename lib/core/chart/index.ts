export { readChartMetadata, type ChartDependency, type ChartMetadata, type ReadChart } from './read-chart-metadata.ts'
export { safeChartPath, type ChartPath } from './safe-chart-path.ts'
