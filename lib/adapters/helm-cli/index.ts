export { childIdentity, isAlive } from './child-identity.ts'
export type { HelmOptions } from './helm-runner.ts'
export type { ApiServerReach } from './storage-proxy.ts'
export { createHelm } from './helm.ts'
