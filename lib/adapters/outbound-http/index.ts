export { callOutside, OutboundFailure } from './call-outside.ts'
export type { OutboundAnswer, OutboundCall } from './call-outside.ts'
export { downloadFile } from './download-file.ts'
export { retryAfterMs } from './retry-after.ts'
