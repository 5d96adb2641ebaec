import type { Incident } from '../../core/notification/index.ts'

/** One incident per key; `version` is 1 when it is opened, then one more with every change. */
export interface AlertRecord extends Incident {
  updatedAt: number
  acknowledgedAt?: number
}
