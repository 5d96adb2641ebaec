import type { FailingScan } from '#lib/core/alert/index.ts'
import type { ObjectId } from '#lib/core/manifest/index.ts'
import { KnownSecrets, type Redaction } from '#lib/core/redact/index.ts'
import { defaultConfig, stopOver, type WheelhouseConfig } from '#lib/core/pipeline/index.ts'
import type { Snapshot } from '#lib/core/snapshot/index.ts'
import type { HelmRevisionMeta, Mode, SecretName } from '#lib/core/release/types.ts'
import type { PodStatus, WorkloadStatus } from '#lib/core/release/index.ts'
import type { ChartRepository } from '#lib/ports/chart-repository.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { Cluster } from '#lib/ports/cluster.ts'
import type { RepositoryReach } from '#lib/core/connection/index.ts'
import type { ConfigRepository } from '#lib/ports/config-repository.ts'
import type { GitHost } from '#lib/ports/git-host.ts'
import type { Helm } from '#lib/ports/helm.ts'
import type { Log } from '#lib/ports/log.ts'
import type { Notifier } from '#lib/ports/notifier.ts'
import type { RemoteText } from '#lib/ports/remote-text.ts'
import type { Registry } from '#lib/ports/registry.ts'
import type { SourceHost } from '#lib/ports/source-host.ts'
import type {
  AttemptRecord,
  GuardFact,
  InventoryRecord,
  PromotionRecord,
  ProposalRecord,
  Protection,
  ReleaseRecord,
  Store,
} from '#lib/ports/store/index.ts'
import type { ApplyBatch } from './apply-batch.ts'
import { emptyChartMemory, type ChartMemory } from './chart-memory.ts'
import type { Wakeups } from '#lib/ports/wakeups.ts'

/** The outside things the worker's operations may use; each operation picks what it needs. */
export interface WorkerDeps {
  store: Store
  git: ConfigRepository
  cluster: Cluster
  helm: Helm
  /**
   * The registry of a canonical host: with the credentials of the Secret named, else with the pull credentials that the
   * first of these namespaces has for it. `insecure` = plain HTTP, beside the hosts that the settings allow it for. `pushTo`
   * = with the push credential of that repository; Fault `registry-unauthorized` where there is none.
   */
  registry(
    host: string,
    namespaces: readonly string[],
    access?: { secret?: SecretName; insecure?: boolean; pushTo?: string },
  ): Promise<Registry>
  chartRepository: ChartRepository
  remoteText: RemoteText
  notifier: Notifier
  /** Where the repository is, beyond Git; undefined = nothing is known of its host. */
  gitHost: GitHost | undefined
  /**
   * The repository that an application is built from, by what `readSource` made of its `source`. Fault `invalid` where it is
   * not at the GitHub that there is a credential for.
   */
  sourceHost(source: { owner: string; name: string; url?: string }): SourceHost
  wakeups: Wakeups
  clock: Clock
  log: Log
  /** What is done to every text that leaves. */
  redaction: Readonly<Redaction>
  newId(prefix: string): string
  /** That many fresh random bytes. */
  random(bytes: number): Buffer
  settings: WorkerSettings
  /** What the loops know; belongs to the process that holds the lease. */
  memory: WorkerMemory
  lease: LeaseGuard
  /** Whether the helm child of an attempt still runs; undefined = it ran on another host, which cannot be asked. */
  isAlive(process: NonNullable<AttemptRecord['process']>): boolean | undefined
  /** Told at each step between which a crash must do no harm; the fault harness ends the process there. */
  step(name: Step): void
}

export const steps = [
  'commit.decided',
  'commit.before-push',
  'commit.pushed',
  'commit.recorded',
  'helm.before-intent',
  'helm.intended',
  'helm.started',
  'helm.ended',
  'helm.recorded',
] as const
/** Those of a promotion, between which the same holds. */
export const promotionSteps = [
  'promotion.recorded',
  'promotion.before-tag',
  'promotion.pull-opened',
  'promotion.before-merge',
  'promotion.merged',
  'promotion.source-tagged',
  'promotion.tagged',
  'promotion.queued',
  'promotion.let-through',
  'proposal.pushed',
  'proposal.before-merge',
  'proposal.merged',
] as const
export type Step = (typeof steps)[number] | (typeof promotionSteps)[number]

export interface WorkerSettings {
  clusterName: string
  /** Name the pages show and records carry: the repository's URL without credentials. */
  repository: string
  branch: string
  reach: RepositoryReach
  /** Where people reach the dashboard, without a trailing slash. */
  webUrl: string
  defaultMode: Mode
  /** Where charts are unpacked, by digest. */
  chartsDir: string
  committer: { name: string; email: string }
  /** Key of the hashes that stand for secret values in plans; never leaves the worker. */
  planKey: string
  /** 32 bytes, base64url: opens what settings pages sealed for the worker; never leaves it. */
  credentialSeed: string
  /** 32 bytes, base64url: signs the checkpoints of the audit trail; never leaves the worker. */
  auditSeed: string
  pollIntervalMs: number
  scanIntervalMs: number
}

/** Says whether this process may still act: checked right before every outside effect. */
export interface LeaseGuard {
  readonly epoch: number
  /** Throws a retryable Fault `unavailable` once the lease is lost or may have run out. */
  assertHeld(): void
  /** Aborted when the lease is lost. */
  readonly signal: AbortSignal
}

export interface WorkerMemory {
  snapshot: Snapshot | undefined
  /** The last snapshot that everything behind it was told of. */
  handedOver: Snapshot | undefined
  /** The settings that came with it. */
  handedOverConfig: WheelhouseConfig | undefined
  /** Image repositories with the ids of the releases that use them, as last written down. */
  imageUses: { name: string; usedBy: string[] }[] | undefined
  /** By release id. */
  releases: Map<string, ReleaseRecord>
  /** By `<storage namespace>/<release name>`, newest first; undefined until the first list is complete. */
  history: Map<string, HelmRevisionMeta[]> | undefined
  namespaces: Set<string> | undefined
  /** By `<namespace>/<Helm release name>`, then kind and name. */
  workloads: Map<string, Map<string, SeenWorkload>>
  /** By namespace, then name. */
  pods: Map<string, Map<string, SeenPod>>
  /** The HelmRelease definitions were seen; the watch takes it back when one is deleted. */
  crdsReady: boolean
  /** By object id. */
  inventory: Map<string, InventoryRecord>
  /** What is being applied, or tried again, under an open intent. */
  applying: ApplyBatch | undefined
  /** Intents of deletions that are begun and not ended. */
  deleting: Set<string>
  modes: Record<string, Mode>
  /** A push may have gone through without our knowing: after a crash, or an answer that never came. */
  pushUncertain: boolean
  /** Ids of releases with operations that have a commit and, as far as known, no end. */
  unfinished: Set<string>
  /** The branch took no push: what is decided waits, and is tried again then, or once the branch stands elsewhere. */
  pushRefused: PushRefusal | undefined
  /** Our branches with their pull requests, by name of the branch. */
  proposals: Map<string, ProposalRecord>
  /** The branch takes no commit of ours: what would be one is proposed. */
  protection: Protection | undefined
  /** Ids of the releases whose automation waits for a snapshot of what the branch says by now. */
  putOff: Set<string>
  charts: ChartMemory
  /** Last comparison of an installed release with Git, by release id. */
  adoption: Map<string, { revision: number; inputs: string; verdict: 'equal' | 'different' }>
  /** Texts out of Secrets in a release's values, by release id: kept out of every sink. */
  secrets: KnownSecrets
  /** Helm releases whose revisions wait for the first snapshot: it tells which Secrets their values came from. */
  unreadRevisions: Set<string>
  /** Status last written to the custom resource, by release id. */
  projected: Map<string, string>
  /** By release id: the attempt under way, else the last one that was to deploy (remedies of it leave it standing). */
  attempts: Map<string, AttemptRecord>
  /** Promotions that have not ended, by id. */
  promotions: Map<string, PromotionRecord>
  /** Helm runs that wait for pods, by release id. */
  waiting: Map<string, WaitingHelm>
  /** Gates in force by environment, of which a commit may wait to loosen some. */
  guards: Map<string, GuardFact['environments'][string]>
  /** Changes of promotions under way, by id. */
  changing: Map<string, Promise<unknown>>
  /** Commit at which each of them was last planned: people are to see what Git says now. */
  plannedAt: Map<string, string>
  /** Ids of attempts this process has in hand right now; one that is 'running' and in nobody's hand was cut short. */
  inHand: Set<string>
  /** Why the API server cannot be reached now, as the watch of Helm's records says, and since when. */
  clusterAway: { reason: string; since: number } | undefined
  /** Keys of alerts that are open, of those that `settleAlerts` looks after. */
  openAlerts: Set<string>
  /** How telling the host of the repository goes. */
  host: HostPace
  /** By repository name: image repositories whose last scan failed. */
  failingScans: Map<string, FailingScan>
  /** Settings of `wheelhouse.yaml` at the snapshot's commit, or the last good ones of this branch. */
  config: WheelhouseConfig
  /** Text of the `wheelhouse.yaml` that was last put down for a restart; null = there was none, undefined = not yet. */
  configKept: string | null | undefined
}

export interface HostPace {
  /** Nothing is told before; 0 = nothing stands against it. */
  restUntil: number
  /** In a row: it could not be asked. */
  failures: number
  /** In a row: it said no, which may be to the one and not to the other. */
  refusals: { status: number; deployment: number }
}

export interface PushRefusal {
  /** Where the branch stood. */
  head: string
  reason: string
  /** Refusals in a row. */
  times: number
  /** When to try again, in milliseconds since the epoch. */
  until: number
  /** Ids of the requests whose audit says that they wait. */
  told: ReadonlySet<string>
}

/** An installation or upgrade that helm only ends once everything is ready. */
export interface WaitingHelm {
  attempt: string
  inputs: string
  /** Ends it for what Git says by now. */
  replace: AbortController
}

/** A workload without its pods, and what selects them. */
export interface SeenWorkload {
  status: WorkloadStatus
  selector: Record<string, string>
}

export interface SeenPod {
  status: PodStatus
  labels: Record<string, string>
}

/** Key of `history` and `workloads`. */
export function helmKey(namespace: string, releaseName: string): string {
  return `${namespace}/${releaseName}`
}

export function emptyMemory(): WorkerMemory {
  return {
    snapshot: undefined,
    handedOver: undefined,
    handedOverConfig: undefined,
    imageUses: undefined,
    releases: new Map(),
    history: undefined,
    namespaces: undefined,
    workloads: new Map(),
    pods: new Map(),
    crdsReady: false,
    inventory: new Map(),
    applying: undefined,
    deleting: new Set(),
    modes: {},
    pushUncertain: true,
    unfinished: new Set(),
    pushRefused: undefined,
    proposals: new Map(),
    protection: undefined,
    putOff: new Set(),
    attempts: new Map(),
    promotions: new Map(),
    guards: new Map(),
    waiting: new Map(),
    changing: new Map(),
    plannedAt: new Map(),
    inHand: new Set(),
    clusterAway: undefined,
    charts: emptyChartMemory(),
    adoption: new Map(),
    secrets: new KnownSecrets(),
    unreadRevisions: new Set(),
    projected: new Map(),
    openAlerts: new Set(),
    host: { restUntil: 0, failures: 0, refusals: { status: 0, deployment: 0 } },
    failingScans: new Map(),
    config: defaultConfig,
    configKept: undefined,
  }
}

/** Mode of an environment: what was set, else the default given at start. */
export function modeOf(deps: Pick<WorkerDeps, 'memory' | 'settings'>, environment: string): Mode {
  const { modes } = deps.memory
  return (Object.hasOwn(modes, environment) ? modes[environment] : undefined) ?? deps.settings.defaultMode
}

/** Whether any environment is acted on; where none is known yet, the default counts. */
export function actsSomewhere(deps: Pick<WorkerDeps, 'memory' | 'settings'>): boolean {
  const environments = [...deps.memory.releases.values()].map(({ environment }) => environment)
  return environments.length === 0
    ? deps.settings.defaultMode === 'act'
    : environments.some((environment) => modeOf(deps, environment) === 'act')
}

/** Why nothing is committed or deployed in an environment, if it or everything is stopped (§9.13). */
export function stopOf({ memory }: Pick<WorkerDeps, 'memory'>, environment: string): string | undefined {
  return stopOver(memory.config, [environment])
}

/** Object id of the HelmRelease document behind a record. */
export function helmReleaseId(record: Pick<ReleaseRecord, 'namespace' | 'name'>): string {
  return `${record.namespace}:helmrelease/${record.name}`
}

/** The release behind a HelmRelease document, by its object id. */
export function releaseBehind({ memory }: Pick<WorkerDeps, 'memory'>, object: ObjectId): ReleaseRecord | undefined {
  for (const record of memory.releases.values()) if (helmReleaseId(record) === object) return record
  return undefined
}
