export { imageAlerts, imageScope, movedKey, type TagInUse } from './image-alerts.ts'
export { registryAlerts, registryScope, type FailingScan } from './registry-alerts.ts'
export { releaseAlerts, releaseScope } from './release-alerts.ts'
export type { AlertVerdict, WantedAlert } from './types.ts'
