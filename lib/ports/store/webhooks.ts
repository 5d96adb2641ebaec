import type { DeliveryVerdict, HookKind, Told } from '../../core/webhook/types.ts'
import type { Page } from './index.ts'

export interface WebhookRecord {
  id: string
  kind: HookKind
  name: string
  /** Encrypted with the web key. */
  secret: string
  /** The secret before the last rotation, encrypted: accepted until `previousUntil`. */
  previous?: string
  previousUntil?: number
  createdAt: number
  /** E-mail of who made it. */
  createdBy: string
  /** Deliveries turned away since it was made. */
  refused: number
  /** When a refusal was written down last. */
  refusedAt?: number
}

export interface HookDeliveryRecord {
  /** Sorts by time. */
  id: string
  hook: string
  /** As the sender names it: every attempt of one delivery has the same. */
  delivery?: string
  event: string
  at: number
  verdict: DeliveryVerdict | { kind: 'refused'; because: string }
  /** What a replay decides on; absent where it was refused. */
  told?: Told
  /** Bytes of the body as far as it was read. */
  size: number
  /** From the request's arrival to the answer, without the last write. */
  durationMs: number
  /** Those that say something, without secrets. */
  headers: Record<string, string>
  /** How often it came again, and was not handled again. */
  repeats: number
  /** Id of the delivery that somebody had handled once more. */
  replayOf?: string
  replayedBy?: string
}

export interface WebhookStore {
  createWebhook(record: Omit<WebhookRecord, 'refused' | 'refusedAt'>): Promise<void>
  /** False = there is no such webhook. */
  rotateWebhook(id: string, secret: string, previousUntil: number): Promise<boolean>
  getWebhook(id: string): Promise<WebhookRecord | undefined>
  /** In order of name, each with its last delivery. */
  listWebhooks(): Promise<(WebhookRecord & { last?: HookDeliveryRecord })[]>
  /** With its deliveries. */
  removeWebhook(id: string): Promise<void>
  /** False = the webhook has taken this delivery before: it is counted and nothing else. `payload` is JSON text, redacted. */
  takeDelivery(record: Omit<HookDeliveryRecord, 'repeats'>, payload?: string): Promise<boolean>
  /** Counts a refusal; writes its row only if the last one was written `restMs` ago. */
  refuseDelivery(record: Omit<HookDeliveryRecord, 'repeats' | 'told'>, restMs: number): Promise<void>
  /** Newest first. */
  listHookDeliveries(filter: { hook?: string; after?: string; limit?: number }): Promise<Page<HookDeliveryRecord>>
  getHookDelivery(id: string): Promise<(HookDeliveryRecord & { payload?: string }) | undefined>
  /** Whether some delivery said that a branch stands at this commit. */
  wasAnnounced(commit: string): Promise<boolean>
  /** Whether a webhook of this kind had taken anything by then. */
  hadDeliveries(kind: HookKind, by: number): Promise<boolean>
}
