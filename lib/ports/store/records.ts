import type { Problem } from '../../core/problem/index.ts'
import type { HelmStatus, Mode } from '../../core/release/types.ts'
import type { PersonRecord } from './people.ts'

/** All times are milliseconds since the epoch. */

export type ReleasePhase =
  | 'unknown'
  | 'observed'
  | 'waiting'
  | 'installing'
  | 'upgrading'
  | 'rolling-back'
  | 'unlocking'
  | 'uninstalling'
  | 'deployed'
  | 'failed'
  | 'blocked'
  | 'suspended'
  | 'awaiting-consent'
  | 'uninstalled'

export type HealthKind = 'healthy' | 'progressing' | 'failing' | 'stuck' | 'unknown'

export interface ReleaseImage {
  container: string
  /** As written in Git. */
  image: string
  /** Canonical `host/path`. */
  repository: string
  tag?: string
  digest?: string
  /** Filter as written, e.g. `glob:dev-*`; absent = none. */
  policy?: string
  automated: boolean
  /** Tags that are never chosen for it. */
  refusedTags?: string[]
  /** Why automation leaves it alone; absent = it does not. */
  problem?: Problem
  /** Set where the problem does not stand in the document but was met on the way; it stays with image and filter. */
  met?: MetProblem
}

export type MetProblem =
  /** In the order of the known tags. */
  | { by: 'tags' }
  /** The registry gave no digest for the tag to be written. */
  | { by: 'digest' }
  /** The document does not admit this edit; it is not tried again while the file is this blob. */
  | { by: 'edit'; tag: string; digest?: string; blob: string }

export interface ReleaseRecord {
  /** Opaque; stable over cluster, namespace and name. */
  id: string
  cluster: string
  namespace: string
  name: string
  releaseName: string
  storageNamespace: string
  targetNamespace: string
  application: string
  environment: string
  path: string
  line: number
  generation: string
  mode: Mode
  /** false = its document left Git. */
  desired: boolean
  automated: boolean
  lock?: { user?: string; message?: string; until?: string }
  chart: { source: string; name?: string; version?: string }
  images: ReleaseImage[]
  phase: ReleasePhase
  /** One sentence: what is being done, waited for, or wrong. */
  reason: string
  phaseSince: number
  health: HealthKind
  healthReason: string
  healthSince: number
  /** Newest Helm revision; undefined = not installed. */
  revision?: number
  deployedAt?: number
  problems: Problem[]
  /** Last revision Wheelhouse made or adopted. */
  baseline?: Baseline
  /** A rollback that did not wait for Git, until Git says the same (§9.12). */
  emergency?: Emergency
  /** Digests that the environment it is promoted from has deployed since its own; undefined = not known. */
  behind?: number
  /** A person's request not yet taken up. */
  asked?: 'retry' | 'unlock' | 'adopt'
  /** Operation under way or last done. */
  operation?: string
  /** Counts up with every change; carried by live events. */
  version: number
}

export interface Emergency {
  /** Its commit is the one that Git still lacks. */
  operation: string
  toRevision: number
  /** Of the revision it goes back to; absent = not known. */
  inputs?: string
  /** Newest revision when it was asked for. */
  before: number
  by: string
  reason: string
  /** Why Git was passed over. */
  because: string
  at: number
  /** The revision that Helm made for it. */
  revision?: number
  /** Why Helm made none. */
  failed?: string
}

export interface Baseline {
  revision: number
  inputs: string
  /** Digest of the document it came from. */
  document?: string
  /** Environment that it was in: its gates still count where the document moves to another. */
  environment?: string
  /** Digest of its chart, and since when it has been that one. */
  chart?: { digest: string; since: number }
  /** `<storage namespace>/<Helm release name>`. */
  helm?: string
  /** How its document wants it uninstalled, for when the document is gone. */
  uninstall?: { keepHistory: boolean; disableHooks: boolean; timeoutMs: number }
  /** Whom its document wants helm to act as. */
  serviceAccount?: { namespace: string; name: string }
}

/** The part of a ReleaseRecord that one loop wants to change. */
export type ReleasePatch = Partial<Omit<ReleaseRecord, 'id' | 'version'>>

export interface RevisionRecord {
  release: string
  revision: number
  status: HelmStatus
  updatedAt: number
  chartName: string
  chartVersion: string
  appVersion: string
  description: string
  operation?: string
  commit?: string
  /** Words for the column Why: `image dev-a → dev-b`, `chart 0.2.0 → 0.2.1`. */
  cause?: string
  actor?: string
  images: { container: string; image: string }[]
  inputs?: string
}

export interface RevisionContent {
  /** Redacted, canonical key order. */
  values: Record<string, unknown>
  /** Redacted YAML. */
  manifest: string
}

export type OperationState = 'decided' | 'committed' | 'running' | 'succeeded' | 'failed' | 'superseded' | 'refused'

export type Cause =
  | { kind: 'tag'; repository: string; tag: string; digest?: string }
  | { kind: 'commit'; commit: string; author: string; subject: string }
  | { kind: 'person'; actor: string; note?: string }
  | { kind: 'chart'; path: string; commit: string }
  | { kind: 'values'; source: string }
  | { kind: 'drift'; detail: string }
  | { kind: 'promotion'; promotion: string; from?: string }
  | { kind: 'recovery'; detail: string }

export interface OperationRecord {
  /** `op-` and 26 lower-case characters (ULID); fits a Helm label. */
  id: string
  kind: 'image' | 'policy' | 'release' | 'rollback' | 'promotion' | 'deletion' | 'sync' | 'apply'
  release?: string
  actor: string
  cause: Cause
  /** One sentence, shown on page, audit and log alike. */
  reason: string
  state: OperationState
  commit?: string
  revision?: number
  createdAt: number
  endedAt?: number
}

/** A Helm run. `dead` is concluded by whoever holds the lease later. */
export interface AttemptRecord {
  id: string
  release: string
  operation: string
  action: 'install' | 'upgrade' | 'rollback' | 'uninstall' | 'unlock' | 'test'
  inputs: string
  state: 'running' | 'succeeded' | 'failed' | 'test-failed' | 'hook-failed' | 'dead'
  /** Lease epoch it ran under. */
  epoch: number
  process?: { host: string; pid: number; startTime: string }
  /** Audit intent it must close. */
  intent: string
  /** Consecutive failures with these inputs, this one included. */
  failures: number
  message?: string
  revision?: number
  startedAt: number
  endedAt?: number
}

export interface SnapshotRecord {
  repository: string
  commit: string
  parent?: string
  authorName: string
  subject: string
  committedAt: number
  fetchedAt: number
  documents: number
  releases: number
  problems: Problem[]
  /** `<path>: <why>` of what is listed as unsupported. */
  unsupported: Problem[]
}

export interface ImageRepositoryRecord {
  /** Canonical `host/path`. */
  name: string
  scannedAt?: number
  nextScanAt: number
  tagCount: number
  etag?: string
  /** The scan's trouble in words; absent = fine. */
  problem?: Problem
  /** What uses it: release ids. */
  usedBy: string[]
}

export interface TagRecord {
  repository: string
  name: string
  digest?: string
  /** null = the image carries no build time; undefined = not read. */
  created?: number | null
  firstSeenAt: number
  vanishedAt?: number
  /** Digest before it moved, and when. */
  moved?: { from: string; at: number }
}

export interface DecisionRecord {
  release: string
  container: string
  at: number
  policy: string
  current?: string
  kind: 'move' | 'stay' | 'waiting' | 'blocked'
  tag?: string
  reason: string
  operation?: string
}

export interface DeletionRecord {
  id: string
  /** Object id in the cluster. */
  object: string
  kind: string
  release?: string
  environment: string
  path: string
  /** The commit that removed the document. */
  commit: string
  uid?: string
  /** Why it asks although the policy says `on`, or what it would take down. */
  guard?: string
  state: 'waiting' | 'consented' | 'done' | 'cancelled' | 'kept'
  decidedBy?: string
  createdAt: number
  decidedAt?: number
}

export interface InventoryRecord {
  cluster: string
  object: string
  /** Label of the source it was applied from: URL, branch and paths; '' = not known. Only its own source may delete it. */
  source: string
  apiVersion: string
  kind: string
  path: string
  commit: string
  /** Digest of the document that was applied. */
  digest: string
  uid: string
  problem?: Problem
  appliedAt: number
}

export interface AuditRecord {
  /** 1, 2, 3 … without gaps. */
  seq: number
  at: number
  /** `<noun>.<what>`: `tag.seen`, `decision.made`, `commit.intent`, `commit.done`, `upgrade.intent`, `upgrade.failed`, `policy.locked` … */
  kind: string
  /** `automation`, `git: <author>`, `cluster`, or a person's e-mail. */
  actor: string
  /** Object id, release id or repository it is about. */
  subject: string
  environment?: string
  release?: string
  operation?: string
  commit?: string
  revision?: number
  reason?: string
  /** Set on both sides: an intent carries its own id, the outcome the same. */
  intent?: string
  /** Redacted details: before, after, evidence. */
  data: Record<string, unknown>
  previousHash: string
  hash: string
}
export type NewAudit = Omit<AuditRecord, 'seq' | 'previousHash' | 'hash'>

export type CommandState =
  | { kind: 'queued' }
  | { kind: 'done'; result: unknown }
  | { kind: 'failed'; code: string; message: string; suggestion?: string }

export interface CommandRecord {
  id: string
  /** Name of the operation: `lock-release`, `release-tag` … */
  name: string
  input: Record<string, unknown>
  actor: { id: string; email: string; name: string; roles: PersonRecord['roles'] }
  createdAt: number
  state: CommandState
}

export interface OutboxEvent {
  position: number
  topic:
    | 'release'
    | 'releases'
    | 'repository'
    | 'audit'
    | 'deletions'
    | 'alerts'
    | 'images'
    | 'promotions'
    | 'webhooks'
    | 'system'
  id: string
  version: number
}
