export type { ClosableCluster, ClusterOptions } from './cluster.ts'
export { createCluster } from './cluster.ts'
export type { Timers } from './waker.ts'
