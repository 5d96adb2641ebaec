export { describeEvent } from './describe-event.ts'
export type { DescribedEvent, EventWords } from './describe-event.ts'
