import { z } from 'zod'
import { Mode, Problem, Time } from './shared.ts'

export const ReleaseImage = z.object({
  container: z.string(),
  /** As written in Git. */
  image: z.string(),
  /** Canonical `host/path`. */
  repository: z.string(),
  tag: z.string().optional(),
  digest: z.string().optional(),
  /** Filter as written; absent = none. */
  policy: z.string().optional(),
  automated: z.boolean(),
  problem: Problem.optional(),
})
export type ReleaseImage = z.infer<typeof ReleaseImage>

export const Health = z.enum(['healthy', 'progressing', 'failing', 'stuck', 'unknown'])
export type Health = z.infer<typeof Health>

export const Phase = z.enum([
  'unknown',
  'observed',
  'waiting',
  'installing',
  'upgrading',
  'rolling-back',
  'unlocking',
  'uninstalling',
  'deployed',
  'failed',
  'blocked',
  'suspended',
  'awaiting-consent',
  'uninstalled',
])
export type Phase = z.infer<typeof Phase>

export const Release = z.object({
  id: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  name: z.string(),
  releaseName: z.string(),
  storageNamespace: z.string(),
  targetNamespace: z.string(),
  application: z.string(),
  environment: z.string(),
  /** File and line of its document in the config repository. */
  path: z.string(),
  line: z.number(),
  generation: z.string(),
  mode: Mode,
  /** false = its document left Git. */
  desired: z.boolean(),
  automated: z.boolean(),
  lock: z
    .object({ user: z.string().optional(), message: z.string().optional(), until: z.string().optional() })
    .optional(),
  /** A rollback that did not wait for Git: Git disagrees until its commit is made. */
  emergency: z
    .object({
      toRevision: z.number(),
      by: z.string(),
      reason: z.string(),
      because: z.string(),
      at: Time,
      revision: z.number().optional(),
      failed: z.string().optional(),
    })
    .optional(),
  chart: z.object({ source: z.string(), name: z.string().optional(), version: z.string().optional() }),
  images: z.array(ReleaseImage),
  phase: Phase,
  /** One sentence: what is being done, waited for, or wrong. */
  reason: z.string(),
  phaseSince: Time,
  health: Health,
  healthReason: z.string(),
  healthSince: Time,
  /** Newest Helm revision; absent = not installed. */
  revision: z.number().optional(),
  deployedAt: Time.optional(),
  problems: z.array(Problem),
  /** Operation under way or last done. */
  operation: z.string().optional(),
  /** Digests that the environment to the left has deployed since; absent = not known, or there is none. */
  behind: z.number().optional(),
  /** A person's request the worker has not taken up yet. */
  asked: z.enum(['retry', 'unlock', 'adopt']).optional(),
  /** Counts up with every change. */
  version: z.number(),
})
export type Release = z.infer<typeof Release>

export const Cause = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tag'), repository: z.string(), tag: z.string(), digest: z.string().optional() }),
  z.object({ kind: z.literal('commit'), commit: z.string(), author: z.string(), subject: z.string() }),
  z.object({ kind: z.literal('person'), actor: z.string(), note: z.string().optional() }),
  z.object({ kind: z.literal('chart'), path: z.string(), commit: z.string() }),
  z.object({ kind: z.literal('values'), source: z.string() }),
  z.object({ kind: z.literal('drift'), detail: z.string() }),
  z.object({ kind: z.literal('promotion'), promotion: z.string(), from: z.string().optional() }),
  z.object({ kind: z.literal('recovery'), detail: z.string() }),
])

export const OperationState = z.enum([
  'decided',
  'committed',
  'running',
  'succeeded',
  'failed',
  'superseded',
  'refused',
])

export const Operation = z.object({
  id: z.string(),
  kind: z.enum(['image', 'policy', 'release', 'rollback', 'promotion', 'deletion', 'sync', 'apply']),
  release: z.string().optional(),
  actor: z.string(),
  cause: Cause,
  reason: z.string(),
  state: OperationState,
  commit: z.string().optional(),
  revision: z.number().optional(),
  createdAt: Time,
  endedAt: Time.optional(),
})
export type Operation = z.infer<typeof Operation>

/** A Helm run. */
export const Attempt = z.object({
  id: z.string(),
  operation: z.string(),
  action: z.enum(['install', 'upgrade', 'rollback', 'uninstall', 'unlock', 'test']),
  state: z.enum(['running', 'succeeded', 'failed', 'test-failed', 'hook-failed', 'dead']),
  message: z.string().optional(),
  revision: z.number().optional(),
  startedAt: Time,
  endedAt: Time.optional(),
})
export type Attempt = z.infer<typeof Attempt>

export const OperationStep = z.object({
  name: z.string(),
  state: z.enum(['done', 'running', 'failed', 'waiting']),
  detail: z.string().optional(),
  at: Time.optional(),
})
export type OperationStep = z.infer<typeof OperationStep>

export const Deletion = z.object({
  id: z.string(),
  object: z.string(),
  kind: z.string(),
  release: z.string().optional(),
  environment: z.string(),
  path: z.string(),
  /** The commit that removed the document. */
  commit: z.string(),
  /** Why it asks, or what it would take down. */
  guard: z.string().optional(),
  state: z.enum(['waiting', 'consented', 'done', 'cancelled', 'kept']),
  decidedBy: z.string().optional(),
  createdAt: Time,
  decidedAt: Time.optional(),
})
export type Deletion = z.infer<typeof Deletion>

export const HelmStatus = z.enum([
  'deployed',
  'superseded',
  'failed',
  'uninstalled',
  'uninstalling',
  'pending-install',
  'pending-upgrade',
  'pending-rollback',
  'unknown',
])

export const Revision = z.object({
  revision: z.number(),
  status: HelmStatus,
  updatedAt: Time,
  chartName: z.string(),
  chartVersion: z.string(),
  appVersion: z.string(),
  description: z.string(),
  operation: z.string().optional(),
  commit: z.string().optional(),
  /** `image dev-a → dev-b`. */
  cause: z.string().optional(),
  actor: z.string().optional(),
  images: z.array(z.object({ container: z.string(), image: z.string() })),
})
export type Revision = z.infer<typeof Revision>
