export { jsonLog } from './json-log.ts'
