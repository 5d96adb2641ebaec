export interface AlertRecord {
  id: string
  /** One incident per key. */
  key: string
  kind: string
  severity: 'critical' | 'warning'
  release?: string
  environment?: string
  application?: string
  title: string
  detail: string
  nextStep: string
  /** 1 when it is opened, then one more with every change. */
  version: number
  openedAt: number
  updatedAt: number
  recoveredAt?: number
  acknowledgedBy?: string
  acknowledgedAt?: number
}
