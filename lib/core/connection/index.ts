export { readEnteredAddress } from './entered-address.ts'
export { RepositoryReach } from './reach.ts'
export { isRefName } from './ref-name.ts'
export { TestStep } from './test-step.ts'
