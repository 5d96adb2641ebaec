import type { AlertRecord } from './alerts.ts'
import type {
  AttemptRecord,
  AuditRecord,
  CommandRecord,
  CommandState,
  DecisionRecord,
  DeletionRecord,
  ImageRepositoryRecord,
  InventoryRecord,
  NewAudit,
  OperationRecord,
  OutboxEvent,
  ReleasePatch,
  ReleaseRecord,
  RevisionContent,
  RevisionRecord,
  SnapshotRecord,
  TagRecord,
} from './records.ts'
import type { CheckStore } from './checks.ts'
import type { CredentialStore } from './credentials.ts'
import type { HostStore } from './host.ts'
import type { NotificationStore } from './notifications.ts'
import type { PeopleStore } from './people.ts'
import type { PromotionStore } from './promotions.ts'
import type { ProviderStore } from './providers.ts'
import type { RepositoryAccessStore } from './repository-access.ts'
import type { ScanRecord } from './scans.ts'
import type { SignInStore } from './sign-in.ts'
import type { WebhookStore } from './webhooks.ts'
import type { WriteRequest } from './writes.ts'
import type { Mode } from '../../core/release/types.ts'

export type * from './records.ts'
export type * from './alerts.ts'
export type * from './checks.ts'
export type * from './credentials.ts'
export type * from './host.ts'
export type * from './notifications.ts'
export type * from './people.ts'
export type * from './promotions.ts'
export type * from './providers.ts'
export type * from './repository-access.ts'
export type * from './scans.ts'
export type * from './sign-in.ts'
export type * from './webhooks.ts'
export type * from './writes.ts'

/** A page by key, newest or smallest first; `after` is the cursor of the page before. Never OFFSET. */
export interface Page<T> {
  items: T[]
  /** Opaque; undefined = that was the last page. */
  next?: string
}

/**
 * The product's memory in PostgreSQL. Every method is one statement or one transaction; methods that change what a page
 * shows also write the outbox. Throws Fault `database-unreachable` (retryable).
 */
export interface Store
  extends
    ReleaseStore,
    SnapshotStore,
    TagStore,
    OperationStore,
    WriteStore,
    DeletionStore,
    AuditStore,
    CommandStore,
    LeaseStore,
    PeopleStore,
    SignInStore,
    ProviderStore,
    AlertStore,
    NotificationStore,
    HistoryStore,
    PromotionStore,
    CheckStore,
    CredentialStore,
    RepositoryAccessStore,
    WebhookStore,
    HostStore,
    SettingsStore {
  /** All or nothing. Nested calls use the outer transaction. */
  transaction<T>(work: (store: Store) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface ReleaseStore {
  /** Creates or changes; counts `version` up and writes the outbox only if something differs. Returns the record. */
  saveRelease(id: string, patch: ReleasePatch): Promise<ReleaseRecord>
  /** Creates many at once, in one commit; returns those that were not there yet. The others stay as they are. */
  addReleases(patches: ReadonlyMap<string, ReleasePatch>): Promise<ReleaseRecord[]>
  getRelease(id: string): Promise<ReleaseRecord | undefined>
  listReleases(filter?: {
    environment?: string
    application?: string
    cluster?: string
    after?: string
    /** At most 500, default 100. */
    limit?: number
  }): Promise<Page<ReleaseRecord>>
  /** Everything, for the worker's start. */
  allReleases(cluster: string): Promise<ReleaseRecord[]>
  removeRelease(id: string): Promise<void>
  /** Upserts by (release, revision); content kept for the newest 50 revisions, compressed. */
  saveRevision(record: RevisionRecord, content?: RevisionContent): Promise<void>
  setRevisionStatuses(
    release: string,
    statuses: { revision: number; status: RevisionRecord['status'] }[],
  ): Promise<void>
  listRevisions(release: string, options?: { before?: number; limit?: number }): Promise<Page<RevisionRecord>>
  revisionContent(release: string, revision: number): Promise<RevisionContent | undefined>
}

export interface SnapshotStore {
  saveSnapshot(record: SnapshotRecord): Promise<void>
  latestSnapshot(repository: string): Promise<SnapshotRecord | undefined>
  listSnapshots(repository: string, limit: number): Promise<SnapshotRecord[]>
  saveInventory(records: InventoryRecord[]): Promise<void>
  removeInventory(cluster: string, objects: string[]): Promise<void>
  listInventory(cluster: string): Promise<InventoryRecord[]>
}

export interface TagStore {
  /** Replaces the set of watched repositories; unknown ones are created due now. */
  watchRepositories(uses: { name: string; usedBy: string[] }[]): Promise<void>
  listImageRepositories(): Promise<ImageRepositoryRecord[]>
  getImageRepository(name: string): Promise<ImageRepositoryRecord | undefined>
  /**
   * `dueAtStart` = `nextScanAt` when the scan began; where that has changed since, a new scan was asked for and the
   * record's own `nextScanAt` is left out.
   */
  saveImageRepository(record: Omit<ImageRepositoryRecord, 'usedBy'>, dueAtStart?: number): Promise<void>
  /** Makes watched repositories due at `at`, so that a worker which dies before it has looked is not the last to know. */
  requestScans(names: readonly string[], at: number): Promise<void>
  /** Upserts; a field left out stays as it is, one given as undefined is cleared. */
  saveTags(
    tags: (Partial<TagRecord> & Pick<TagRecord, 'repository' | 'name'>)[],
    /** The scan that found it out: kept with what it found. */
    scan?: Pick<ScanRecord, 'begunAt' | 'commit'>,
  ): Promise<void>
  /** Oldest first, from the first that is kept, which stands for all before it. Without a repository of all of them. */
  listScans(repository?: string): Promise<ScanRecord[]>
  /** All tags of a repository (worker). */
  allTags(repository: string): Promise<TagRecord[]>
  /** For pages: newest first by build time, then by first sight. `search` is a substring. */
  listTags(repository: string, options?: { search?: string; after?: string; limit?: number }): Promise<Page<TagRecord>>
  saveDecision(decision: DecisionRecord): Promise<void>
  /** Newest first. */
  listDecisions(release: string, limit: number): Promise<DecisionRecord[]>
}

export interface OperationStore {
  createOperation(operation: OperationRecord): Promise<void>
  /** Only forward: a finished operation stays as it is. */
  updateOperation(
    id: string,
    patch: Partial<Pick<OperationRecord, 'state' | 'commit' | 'revision' | 'endedAt' | 'reason'>>,
  ): Promise<void>
  getOperation(id: string): Promise<OperationRecord | undefined>
  /** Newest first. */
  listOperations(filter: {
    release?: string
    states?: OperationRecord['state'][]
    since?: number
    limit: number
  }): Promise<OperationRecord[]>
  saveAttempt(attempt: AttemptRecord): Promise<void>
  /** Newest first, over all releases or one. */
  lastAttempts(release: string, limit: number): Promise<AttemptRecord[]>
  runningAttempts(): Promise<AttemptRecord[]>
  /** The newest installation or upgrade of each release. */
  newestDeployments(): Promise<AttemptRecord[]>
}

export interface WriteStore {
  /** Creates the operation, its audit rows and the request in one transaction; false = one for this target is already waiting with the same changes. */
  enqueueWrite(request: WriteRequest, operation: OperationRecord, audit: NewAudit[]): Promise<boolean>
  /** Oldest first. */
  pendingWrites(): Promise<WriteRequest[]>
  removeWrites(ids: string[]): Promise<void>
}

export interface DeletionStore {
  saveDeletion(record: DeletionRecord): Promise<void>
  getDeletion(id: string): Promise<DeletionRecord | undefined>
  listDeletions(states: DeletionRecord['state'][]): Promise<DeletionRecord[]>
}

export interface AuditStore {
  /** Written in the caller's transaction; the one leased appender chains it afterwards. A second outcome of one intent is ignored. */
  record(entries: NewAudit[]): Promise<void>
  /** Moves intake rows into the chain, in order. Returns how many. Only the lease holder of `sequencer` calls it. */
  chainAudit(): Promise<number>
  /** Gives outbox rows their position after commit and notifies listeners. Only the lease holder of `sequencer` calls it. */
  sequenceOutbox(): Promise<number>
  /** Newest first. */
  listAudit(filter: AuditFilter): Promise<Page<AuditRecord>>
  /** Oldest first, from `fromSeq`, for verification and export. */
  readChain(fromSeq: number, limit: number): Promise<AuditRecord[]>
  /** Intents without an outcome. */
  openIntents(): Promise<NewAudit[]>
}

export interface AuditFilter {
  actor?: string
  environment?: string
  /** Prefix: `commit` finds `commit.intent` and `commit.done`. */
  kind?: string
  release?: string
  operation?: string
  commit?: string
  since?: number
  until?: number
  after?: string
  limit?: number
}

export interface CommandStore {
  /** NOTIFY wakes the worker. */
  enqueueCommand(command: Omit<CommandRecord, 'state'>): Promise<void>
  getCommand(id: string): Promise<CommandRecord | undefined>
  /** Queued ones, oldest first. */
  queuedCommands(): Promise<CommandRecord[]>
  finishCommand(id: string, state: CommandState): Promise<void>
  /** Resolves with the final state, or the queued one after `timeoutMs`. Woken by NOTIFY. */
  awaitCommand(id: string, timeoutMs: number): Promise<CommandRecord>
  /** Events after `position`, oldest first. */
  readOutbox(position: number, limit: number): Promise<OutboxEvent[]>
  outboxHead(): Promise<number>
  /** Calls back on new positions until the returned function is called. */
  onOutbox(listener: () => void): () => void
}

export interface LeaseStore {
  /** Takes or renews `name` for `ttlMs`; undefined = somebody else holds it. The epoch counts up with every change of holder. */
  takeLease(name: string, holder: string, ttlMs: number): Promise<{ epoch: number } | undefined>
  releaseLease(name: string, holder: string): Promise<void>
  leaseHolder(name: string): Promise<{ holder: string; epoch: number; expiresAt: number } | undefined>
}

export interface AlertStore {
  /** Opens or updates the incident of `key`; unchanged content writes nothing. */
  openAlert(
    alert: Pick<
      AlertRecord,
      'key' | 'kind' | 'severity' | 'release' | 'environment' | 'application' | 'title' | 'detail' | 'nextStep'
    >,
    now: number,
  ): Promise<{ alert: AlertRecord; change: 'opened' | 'updated' | 'none' }>
  /** undefined = none was open. */
  recoverAlert(key: string, now: number): Promise<AlertRecord | undefined>
  getAlert(id: string): Promise<AlertRecord | undefined>
  /** false = it is over, or somebody has acknowledged it before. */
  acknowledgeAlert(id: string, by: string, now: number): Promise<boolean>
  /** Newest first. `since`: opened then or later. */
  listAlerts(filter: { open?: boolean; since?: number; limit: number }): Promise<AlertRecord[]>
  /** Those that are over, newest first. */
  listRecovered(filter: { after?: string; limit: number }): Promise<Page<AlertRecord>>
}

export interface HistoryStore {
  /**
   * Forgets what nobody looks at any more: commands done and attempts ended more than 30 days ago (the last 50 attempts of
   * a release stay), deliveries as old, those to webhooks also beyond the last 10,000, decisions beyond the last 1,000 of a
   * release. Scans more than 30 days old become one of each repository.
   * Operations and the audit trail are kept.
   */
  pruneHistory(now: number): Promise<void>
}

export interface SettingsStore {
  /** Mode per environment; an environment never mentioned has the default given at start. */
  environmentModes(): Promise<Record<string, Mode>>
  setEnvironmentMode(environment: string, mode: Mode): Promise<void>
  /** Small JSON facts the processes tell each other and the pages: `cluster`, `repository`, `worker`, `stop`. */
  getFact(name: string): Promise<unknown>
  setFact(name: string, value: unknown): Promise<void>
}
