export { childIdentity, isAlive } from './child-identity.ts'
export type { HelmOptions } from './helm.ts'
export { createHelm } from './helm.ts'
