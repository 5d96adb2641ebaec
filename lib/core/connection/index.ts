export { readEnteredAddress } from './entered-address.ts'
export { isRefName } from './ref-name.ts'
