import { z } from 'zod'
import { whyNotGates } from '#lib/core/explain/index.ts'
import { AuditEvent } from './audit.ts'
import { endpoint } from './endpoint.ts'
import { ReleaseImages } from './images.ts'
import { Attempt, Deletion, Operation, OperationStep, Release, Revision } from './release-schemas.ts'
import { ById, Id, Paging, Time, pageOf } from './shared.ts'

const revisionNumber = z.coerce.number().int().min(1)

export const listReleases = endpoint({
  method: 'GET',
  path: '/api/v1/releases',
  permission: 'releases:read',
  summary: 'Releases, by key',
  query: Paging.extend({
    environment: z.string().max(63).optional(),
    application: z.string().max(253).optional(),
    cluster: z.string().max(253).optional(),
  }),
  response: pageOf(Release),
})

/** A stuck or failed release in words, and what a person can do about it here. */
export const Diagnosis = z.object({
  what: z.string(),
  why: z.string(),
  next: z.string(),
  /** `none` = it goes on by itself, or only a change in Git helps. */
  offer: z.enum(['retry', 'unlock', 'none']),
})
export type Diagnosis = z.infer<typeof Diagnosis>

export const ReleaseDetail = z.object({
  release: Release,
  /** Under way or last done, with what happened to it so far. */
  operation: Operation.extend({ steps: z.array(OperationStep) }).optional(),
  /** Waiting for consent. */
  deletion: Deletion.optional(),
  /** Newest first, at most 10. */
  attempts: z.array(Attempt),
  /** Absent = nothing is wrong with it. */
  diagnosis: Diagnosis.optional(),
})
export type ReleaseDetail = z.infer<typeof ReleaseDetail>

export const getRelease = endpoint({
  method: 'GET',
  path: '/api/v1/releases/{id}',
  permission: 'releases:read',
  summary: 'One release with its operation, attempts and pending deletion',
  params: ById,
  response: ReleaseDetail,
})

export const listRevisions = endpoint({
  method: 'GET',
  path: '/api/v1/releases/{id}/revisions',
  permission: 'releases:read',
  summary: 'Helm revisions, newest first',
  params: ById,
  query: Paging,
  response: pageOf(Revision),
})

export const getRevision = endpoint({
  method: 'GET',
  path: '/api/v1/releases/{id}/revisions/{revision}',
  permission: 'releases:read',
  summary: 'Values and rendered manifest of a revision, redacted',
  params: z.object({ id: Id, revision: revisionNumber }),
  response: z.object({
    revision: Revision,
    /** Absent = not kept (only the newest 50 revisions are). */
    content: z
      .object({
        values: z.record(z.string(), z.unknown()),
        /** The same as YAML. */
        valuesText: z.string(),
        manifest: z.string(),
      })
      .optional(),
  }),
})

const DiffSide = z.object({ revision: z.number(), text: z.string() })

export const diffRevisions = endpoint({
  method: 'GET',
  path: '/api/v1/releases/{id}/diff',
  permission: 'releases:read',
  summary: 'Two revisions side by side: values or manifest, redacted',
  params: ById,
  query: z.object({ from: revisionNumber, to: revisionNumber, what: z.enum(['values', 'manifest']).default('values') }),
  response: z.object({ what: z.enum(['values', 'manifest']), from: DiffSide, to: DiffSide, equal: z.boolean() }),
})

export const LiveObject = z.object({
  id: z.string(),
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  /** `missing` in the cluster; `added`: only the revision that is deployed has it. */
  state: z.enum(['same', 'changed', 'missing', 'added']),
  /** Paths of the fields that differ, such as `spec.replicas`. */
  fields: z.array(z.string()),
  /** YAML as the revision would have it, and as it is live; '' where equal or not there. */
  before: z.string(),
  after: z.string(),
  /** The API server's words when it would not take what the revision says. */
  fails: z.string().optional(),
})
export type LiveObject = z.infer<typeof LiveObject>

export const LiveComparison = z.object({
  revision: z.number(),
  at: Time,
  /** What differs first. */
  objects: z.array(LiveObject),
})
export type LiveComparison = z.infer<typeof LiveComparison>

export const compareLive = endpoint({
  method: 'POST',
  path: '/api/v1/releases/{id}/revisions/{revision}/live',
  permission: 'objects:read',
  summary: 'A revision against the live cluster, object by object, by server-side dry run; redacted, writes nothing',
  params: z.object({ id: Id, revision: revisionNumber }),
  response: LiveComparison,
})

export const listReleaseImages = endpoint({
  method: 'GET',
  path: '/api/v1/releases/{id}/images',
  permission: 'releases:read',
  summary: 'Containers of a release with a verdict and reason for each tag, and the decision log',
  params: ById,
  query: Paging.extend({
    /** Only this container; `after` pages through its tags. */
    container: z.string().max(253).optional(),
    search: z.string().max(128).optional(),
  }),
  response: ReleaseImages,
})

/** One gate between a tag in the registry and healthy pods. */
export const WhyNotStep = z.object({
  gate: z.enum(whyNotGates),
  /** `pending` = comes by itself, or when what stands in the way is gone; `unknown` = cannot be told. */
  verdict: z.enum(['passed', 'blocked', 'pending', 'unknown']),
  evidence: z.string(),
  /** When the clock alone may change the verdict. */
  nextEvaluation: Time.optional(),
})
export type WhyNotStep = z.infer<typeof WhyNotStep>

export const WhyNot = z.object({
  release: z.string(),
  environment: z.string(),
  container: z.string(),
  /** Canonical `host/path`. */
  repository: z.string(),
  tag: z.string(),
  summary: z.string(),
  /** In the order in which a tag passes them. */
  steps: z.array(WhyNotStep),
})
export type WhyNot = z.infer<typeof WhyNot>

export const whyNot = endpoint({
  method: 'GET',
  path: '/api/v1/releases/{id}/why-not',
  permission: 'releases:read',
  summary: 'Why a tag does not run in a release, or how far it has come: every gate with verdict and evidence',
  params: ById,
  query: z.object({
    tag: z
      .string({ error: 'is missing: say which tag' })
      .min(1, 'is empty')
      .max(128, 'has more than 128 characters, as no tag has'),
    /** Absent = the only container, or the only one whose repository knows the tag. */
    container: z.string().min(1).max(253).optional(),
  }),
  response: WhyNot,
})

export const listReleaseActivity = endpoint({
  method: 'GET',
  path: '/api/v1/releases/{id}/activity',
  permission: 'releases:read',
  summary: 'Audit events of a release, newest first',
  params: ById,
  query: Paging,
  response: pageOf(AuditEvent),
})
