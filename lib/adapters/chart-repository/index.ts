export { createChartRepository } from './create-chart-repository.ts'
export type { ChartRepositoryOptions } from './create-chart-repository.ts'
