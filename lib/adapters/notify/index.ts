export { createNotifier } from './create-notifier.ts'
export type { NotifyOptions } from './call.ts'
