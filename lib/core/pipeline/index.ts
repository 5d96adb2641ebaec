export { applicationLabel, applicationOf } from './application.ts'
export { environmentOf, orderEnvironments } from './environments.ts'
export { buildMatrix, type Matrix, type MatrixEntry } from './matrix.ts'
export {
  defaultConfig,
  readWheelhouseYaml,
  wheelhouseFile,
  wheelhouseJsonSchema,
  WheelhouseYaml,
  type ReadConfig,
} from './read-wheelhouse-yaml.ts'
export type { DeletionPolicy, Hold, WheelhouseConfig } from './types.ts'
