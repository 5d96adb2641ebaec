import type {
  ChannelConfig,
  IncidentState,
  RuleScope,
  SecretName,
  SilenceScope,
} from '../../core/notification/index.ts'
import type { Page } from './index.ts'
import type { AlertRecord } from './alerts.ts'

export interface SilenceRecord extends SilenceScope {
  id: string
  reason: string
  until: number
  createdAt: number
  /** E-mail. */
  createdBy: string
  endedAt?: number
  endedBy?: string
}

export interface ChannelRecord {
  id: string
  name: string
  /** Of `url`, the mail server, or the vendor. */
  host: string
  config: ChannelConfig
  /** Each sealed for the worker under `channelBinding`. */
  sealed: Partial<Record<SecretName, string>>
  createdAt: number
  createdBy: string
  /** In a row. */
  failures: number
  /** Nothing is sent before. */
  retryAt?: number
  /** Why the last attempt failed. */
  problem?: string
}

export interface RuleRecord extends RuleScope {
  id: string
  /** Id of the channel. */
  channel: string
  createdAt: number
  createdBy: string
}

/** What a channel knows of an incident. */
export interface NotificationRecord {
  alert: string
  channel: string
  /** undefined = it was tried, and nothing came of it yet. */
  told?: { state: IncidentState; version: number }
  /** As the channel answered. */
  handle?: Record<string, string>
}

/** One attempt to tell. */
export interface DeliveryRecord {
  id: string
  channel: string
  /** undefined = a test. */
  alert?: string
  at: number
  what: 'message' | 'edit' | 'follow-up' | 'test'
  /** `sending` = it is under way, or was when the worker ended: whether it arrived is not known. */
  outcome: 'sending' | 'sent' | 'failed'
  /** What the other side answered, without secrets. */
  reason?: string
  tookMs?: number
}

export interface NotificationStore {
  /** Those in force, or all, newest first. */
  listSilences(filter: { inForceAt?: number; limit: number }): Promise<SilenceRecord[]>
  getSilence(id: string): Promise<SilenceRecord | undefined>
  /** Creates or replaces. */
  saveSilence(silence: SilenceRecord): Promise<void>
  /** By name. */
  listChannels(): Promise<ChannelRecord[]>
  getChannel(id: string): Promise<ChannelRecord | undefined>
  /** Creates or replaces. Throws Fault `conflict` where another has its name. */
  saveChannel(channel: ChannelRecord): Promise<void>
  /** How it goes; does nothing where it has been removed meanwhile. */
  noteChannel(id: string, state: Pick<ChannelRecord, 'failures' | 'retryAt' | 'problem'>): Promise<void>
  /** With its rules, and what it knows of incidents; the log of deliveries stays. */
  removeChannel(id: string): Promise<void>
  /** Oldest first. */
  listRules(): Promise<RuleRecord[]>
  saveRule(rule: RuleRecord): Promise<void>
  removeRule(id: string): Promise<void>
  /** Open incidents, and those over of which the channel does not know that yet; oldest first. */
  incidentsFor(channel: string): Promise<{ alert: AlertRecord; known?: NotificationRecord }[]>
  saveNotification(record: NotificationRecord): Promise<void>
  /** Creates or replaces. */
  saveDelivery(record: DeliveryRecord): Promise<void>
  /** Newest first. */
  listDeliveries(filter: {
    channel?: string
    alert?: string
    after?: string
    limit?: number
  }): Promise<Page<DeliveryRecord>>
}
