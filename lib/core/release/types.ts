import type { Container } from '../values/types.ts'
import type { ParsedPolicy } from '../policy/types.ts'
import type { Problem } from '../problem/index.ts'

export type Generation = 'flux.weave.works/v1beta1' | 'helm.fluxcd.io/v1' | 'helm.toolkit.fluxcd.io/v2'

export type ChartSource =
  /** `url` undefined = the config repository itself; `ref` undefined = its tracked branch. */
  | { kind: 'git'; url?: string; ref?: string; path: string; skipDependencies: boolean }
  /** `version` may be a constraint. */
  | { kind: 'http'; url: string; name: string; version: string; secret?: SecretName }
  /** The first of `digest`, `version` (may be a constraint) and `tag` counts; none = `latest`. `insecure` = plain HTTP. */
  | {
      kind: 'oci'
      url: string
      version?: string
      tag?: string
      digest?: string
      secret?: SecretName
      insecure?: boolean
    }

/** A Secret of the cluster that holds credentials for the chart's source. */
export interface SecretName {
  namespace: string
  name: string
}

export type ValuesSource =
  | {
      kind: 'configmap' | 'secret'
      namespace: string
      name: string
      key: string
      optional: boolean
      targetPath?: string
      literal?: boolean
    }
  | { kind: 'url'; url: string; optional: boolean }
  | { kind: 'chart-file'; path: string; optional: boolean }

/** Remediation after a failed install or upgrade. Retries count attempts after the first; -1 = without end. */
export interface Remediation {
  retries: number
  after: 'leave' | 'uninstall' | 'rollback'
}

export interface DesiredRelease {
  /** Object id of the HelmRelease document. */
  id: string
  generation: Generation
  namespace: string
  name: string
  path: string
  line: number
  /** Digest of the document. */
  digest: string
  releaseName: string
  targetNamespace: string
  storageNamespace: string
  chart: ChartSource
  values: Record<string, unknown>
  valuesFrom: ValuesSource[]
  timeoutMs: number
  wait: boolean
  maxHistory: number
  suspend: boolean
  dependsOn: { namespace: string; name: string }[]
  forceUpgrade: boolean
  resetValues: boolean
  crds: 'create' | 'skip'
  disableOpenApiValidation: boolean
  disableHooks: boolean
  serviceAccountName?: string
  postRenderers: unknown[]
  install: Remediation
  upgrade: Remediation
  test: { enable: boolean; ignoreFailures: boolean; timeoutMs: number; cleanup: boolean }
  uninstall: { keepHistory: boolean; disableHooks: boolean; timeoutMs: number }
  /** How a remediating `helm rollback` is run; absent = with the release's own timeout, wait and hooks. */
  rollback?: { timeoutMs: number; wait: boolean; force: boolean; disableHooks: boolean }
  /** Labels and annotations the product reads: application, hold, policies. */
  labels: Record<string, string>
  annotations: Record<string, string>
  containers: Container[]
  automation: Automation
  /** A problem of severity `error` blocks the release. */
  problems: Problem[]
}

export interface Automation {
  automated: boolean
  ignored: boolean
  locked?: { user?: string; message?: string; until?: string }
  /** By container name; absent = no filter written (`glob:*`). */
  filters: Record<string, ParsedPolicy & { written: string; key: string }>
  /** Refused tags by container name. */
  refused: Record<string, string[]>
}

export type HelmStatus =
  | 'deployed'
  | 'superseded'
  | 'failed'
  | 'uninstalled'
  | 'uninstalling'
  | 'pending-install'
  | 'pending-upgrade'
  | 'pending-rollback'
  | 'unknown'

/** What the labels of one Helm release Secret tell, without reading its payload. */
export interface HelmRevisionMeta {
  revision: number
  status: HelmStatus
  /** Labels written by Wheelhouse with `helm --labels`; absent on revisions made by others. */
  operation?: string
  /** The try at that operation: one that failed or died is followed by another. */
  attempt?: string
  commit?: string
  inputs?: string
  /** Milliseconds since the epoch. */
  modifiedAt: number
}

/** Labels on Helm's release Secrets (each value ≤63 characters). */
export const helmLabels = {
  operation: 'wheelhouse.dev/operation',
  attempt: 'wheelhouse.dev/attempt',
  commit: 'wheelhouse.dev/commit',
  /** First 40 hex digits of SHA-256 over chart digest, values digest and the options that change the outcome. */
  inputs: 'wheelhouse.dev/inputs',
} as const

export type Mode = 'observe' | 'act'

/** Everything `decideRelease` looks at. */
export interface ReleaseSeen {
  desired: DesiredRelease
  mode: Mode
  /** Stop button of environment, cluster or all. */
  stopped?: string
  chart:
    | { kind: 'ready'; digest: string; version: string }
    /** Its source does not answer; it is asked again at `until`, milliseconds since the epoch. */
    | { kind: 'waiting'; problem: Problem; until: number }
    | { kind: 'failed'; problem: Problem }
  values:
    { kind: 'ready'; digest: string } | { kind: 'waiting'; problem: Problem } | { kind: 'failed'; problem: Problem }
  /** Digest over chart, values, options; same 40 hex digits as the label. Set when chart and values are ready. */
  inputs?: string
  namespaceExists: boolean
  /** Why the API server cannot be reached; nothing is tried until it can. */
  away?: string
  /** `<namespace>/<name>` of a Helm release that is still installed and that this document used to mean. */
  renamedFrom?: string
  /** Names of releases in `dependsOn` not ready yet. */
  waitingFor: string[]
  /** Newest first; empty = not installed. */
  history: readonly HelmRevisionMeta[]
  /** The last revision Wheelhouse itself produced or adopted, from the database. */
  baseline?: { revision: number; inputs: string }
  /** Equality of the rendered manifest with the stored one, known only where adoption was looked at. */
  adoption?: 'equal' | 'different'
  lastAttempt?: {
    id: string
    inputs: string
    outcome: 'running' | 'dead' | 'succeeded' | 'failed' | 'test-failed' | 'hook-failed'
    /** Consecutive failures with these inputs. */
    failures: number
    endedAt?: number
    message?: string
    operation: string
    revision?: number
  }
  /** Digest of the document that was last applied or adopted; lets a commit that edits a held document through (§9.11). */
  lastAppliedDocumentDigest?: string
  /** A rollback that did not wait for Git (§9.12): held until Git says the same. `revision` = the one Helm made for it. */
  emergency?: { toRevision: number; by: string; reason: string; revision?: number; failed?: string }
  /** A person asked to try again or to unlock, after the last attempt. */
  asked?: 'retry' | 'unlock' | 'adopt'
}

/** The one thing to do next, with the reason that page, audit and log all show. */
export type ReleaseAction =
  | { kind: 'nothing'; reason: string }
  /** Look at the stored manifest before anything else: first sight of an installed release. */
  | { kind: 'compare'; reason: string }
  | { kind: 'adopt'; revision: number; reason: string }
  | { kind: 'install'; reason: string }
  | { kind: 'upgrade'; reason: string }
  | { kind: 'rollback'; toRevision: number; reason: string }
  | { kind: 'unlock'; revision: number; reason: string }
  | { kind: 'uninstall'; reason: string }
  /** `until` = milliseconds since the epoch; absent = woken by what it waits for. After a failure it waits to try again. */
  | { kind: 'wait'; reason: string; until?: number; afterFailure?: true }
  | { kind: 'blocked'; problem: Problem }
  | { kind: 'give-up'; problem: Problem }
