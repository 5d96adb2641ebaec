import { z } from 'zod'
import { gateNames } from '#lib/core/gate/index.ts'
import { Check } from './checks.ts'
import { endpoint } from './endpoint.ts'
import { ById, CommandAnswer, EnvironmentName, Id, Limit, Message, Role, Time, pageOf } from './shared.ts'

export const PromotionState = z.enum([
  'planned',
  'waiting',
  'approved',
  'writing',
  'deploying',
  'verifying',
  'verified',
  'refused',
  'failed',
  'superseded',
  'rolled-back',
])
export const PromotionWay = z.enum(['commit', 'retag', 'pull-request', 'merge'])
export type PromotionWay = z.infer<typeof PromotionWay>

const Who = z.object({ name: z.string(), emails: z.array(z.string()) })

/** One gate in its order. `nextEvaluation`: when the clock alone may change the verdict. */
export const Gate = z.object({
  gate: z.enum(gateNames),
  verdict: z.enum(['passed', 'waiting', 'refused', 'overridden']),
  evidence: z.string(),
  nextEvaluation: Time.optional(),
  whoCould: z
    .array(
      z.object({
        act: z.enum(['approve', 'override']),
        roles: z.array(Role),
        except: z.array(z.object({ name: z.string(), because: z.enum(['requester', 'author']) })),
      }),
    )
    .optional(),
  by: z.string().optional(),
  reason: z.string().optional(),
})
export type Gate = z.infer<typeof Gate>

export const Promotion = z.object({
  id: z.string(),
  release: z.string(),
  application: z.string(),
  from: z.string().optional(),
  to: z.string(),
  way: z.string(),
  state: PromotionState,
  reason: z.string(),
  planDigest: z.string(),
  images: z.array(z.object({ container: z.string(), repository: z.string(), tag: z.string(), digest: z.string() })),
  requester: Who.optional(),
  authors: z.array(Who),
  message: z.string().optional(),
  /** Shared by those asked for together. */
  bulk: z.string().optional(),
  applied: z.object({ by: z.string(), at: Time }).optional(),
  /** Where it is proposed, of the way `pull-request`. */
  pullRequest: z.object({ number: z.number(), url: z.string() }).optional(),
  operation: z.string().optional(),
  createdAt: Time,
  endedAt: Time.optional(),
  /** When it came into its state. */
  since: Time,
  /** Gates that keep it now, as last looked at; empty once it is on its way. */
  waitsFor: z.array(Gate),
})
export type Promotion = z.infer<typeof Promotion>

/** `approvedBy`: addresses of those who approved the plan that stands, where it waits for approvals. */
export const ListedPromotion = Promotion.extend({ approvedBy: z.array(z.string()) })
export type ListedPromotion = z.infer<typeof ListedPromotion>

export const PlannedObject = z.object({
  id: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  change: z.enum(['created', 'changed', 'unchanged', 'deleted', 'kept']),
  before: z.string(),
  after: z.string(),
  restarts: z.number().optional(),
  fails: z.string().optional(),
  notes: z.array(z.string()),
})
export type PlannedObject = z.infer<typeof PlannedObject>

export const Plan = z.object({
  digest: z.string(),
  /** Most serious first. */
  risks: z.array(z.object({ kind: z.string(), subject: z.string(), says: z.string() })),
  hooks: z.array(z.object({ kind: z.string(), name: z.string(), events: z.array(z.string()) })),
  objects: z.array(PlannedObject),
  /** Files of the config repository as they are and as they would be. */
  edits: z.array(z.object({ path: z.string(), before: z.string(), after: z.string() })),
  chartVersion: z.string(),
})
export type Plan = z.infer<typeof Plan>

const BranchAt = z.object({ branch: z.string(), commit: z.string() })

/** What is merged in the source repository, for the way `merge`. */
export const MergeOfSource = z.object({
  repository: z.string(),
  url: z.string(),
  head: BranchAt,
  base: BranchAt,
  /** Commits that the branch had beyond what runs on the left, and that stay behind. */
  newer: z.number().optional(),
  /** Newest first, at most 50 of `count`. */
  commits: z.array(z.object({ sha: z.string(), subject: z.string(), author: z.string(), url: z.string() })),
  count: z.number(),
  files: z.number(),
  /** Tag on the merge commit. */
  tag: z.string().optional(),
  pull: z.object({ number: z.number(), url: z.string() }).optional(),
  merged: z
    .object({ commit: z.string(), at: Time, by: z.string().optional(), earlier: z.literal(true).optional() })
    .optional(),
  /** What CI is to build; `version`: this very tag. */
  awaits: z.array(
    z.object({
      container: z.string(),
      repository: z.string(),
      filter: z.string(),
      version: z.string().optional(),
    }),
  ),
  /** CI has built it: the images of the promotion are these, and its plan is about them. */
  built: z.boolean(),
})
export type MergeOfSource = z.infer<typeof MergeOfSource>

export const PromotionDetail = Promotion.extend({
  gates: z.array(Gate),
  steps: z.array(z.object({ state: PromotionState, at: Time, reason: z.string() })),
  approvals: z.array(
    z.object({
      name: z.string(),
      email: z.string(),
      decision: z.enum(['approve', 'reject']),
      message: z.string().optional(),
      /** It was given for the plan that stands. */
      counts: z.boolean(),
      at: Time,
    }),
  ),
  /** What systems outside said, of those that are asked for. */
  checks: z.array(Check),
  plan: Plan.optional(),
  commitText: z.string(),
  merge: MergeOfSource.optional(),
})
export type PromotionDetail = z.infer<typeof PromotionDetail>

export const listPromotions = endpoint({
  method: 'GET',
  path: '/api/v1/promotions',
  permission: 'promotions:read',
  summary: 'Promotions, newest first',
  query: z.object({
    application: z.string().max(253).optional(),
    release: Id.optional(),
    open: z.stringbool().optional(),
    after: z.string().max(500).optional(),
    limit: Limit,
  }),
  response: pageOf(ListedPromotion),
})

export const getPromotion = endpoint({
  method: 'GET',
  path: '/api/v1/promotions/{id}',
  permission: 'promotions:read',
  summary: 'One promotion with its plan, gates and timeline',
  params: ById,
  response: PromotionDetail,
})

export const promote = endpoint({
  method: 'POST',
  path: '/api/v1/promotions',
  permission: 'promotions:write',
  summary: 'Plan the promotion of an application into an environment; nothing changes until it is applied',
  body: z.object({
    application: z.string().min(1).max(253),
    to: EnvironmentName,
    /** Where it comes from; absent = the environment to the left that has it. */
    from: EnvironmentName.optional(),
    /** Absent = what `wheelhouse.yaml` says, else what the target's policy asks for. */
    way: PromotionWay.optional(),
    /** Tag to write for the target, by container; absent = named by rule. */
    tags: z.record(z.string(), z.string().max(128)).optional(),
    message: Message.optional(),
  }),
  response: z.object({
    id: z.string(),
    state: PromotionState,
    reason: z.string(),
    planDigest: z.string(),
    gates: z.array(Gate),
  }),
})

const decided = z.object({
  /** The plan that was looked at; another one is refused. */
  planDigest: z.string().min(1).max(200),
  message: Message.optional(),
})

export const approvePromotion = endpoint({
  method: 'POST',
  path: '/api/v1/promotions/{id}/approve',
  permission: 'promotions:approve',
  summary: 'Approve this very plan, or reject it',
  params: ById,
  body: decided.extend({ decision: z.enum(['approve', 'reject']).default('approve') }),
  response: CommandAnswer,
  answer: 'command',
})

export const applyPromotion = endpoint({
  method: 'POST',
  path: '/api/v1/promotions/{id}/apply',
  permission: 'promotions:write',
  summary: 'Carry this very plan out as soon as its gates are open',
  params: ById,
  body: decided,
  response: CommandAnswer,
  answer: 'command',
})

export const overrideGate = endpoint({
  method: 'POST',
  path: '/api/v1/promotions/{id}/override',
  permission: 'freezes:override',
  summary: 'Open a gate for this very plan, with a reason',
  params: ById,
  body: decided.extend({
    gate: z.enum(gateNames),
    message: Message.min(1, 'say why, so that the next person knows'),
  }),
  response: CommandAnswer,
  answer: 'command',
})

export const withdrawPromotion = endpoint({
  method: 'POST',
  path: '/api/v1/promotions/{id}/withdraw',
  permission: 'promotions:write',
  summary: 'Take a promotion back that has not been written yet',
  params: ById,
  body: z.object({ message: Message.optional() }).default({}),
  response: CommandAnswer,
  answer: 'command',
})

const BulkItem = z.object({
  application: z.string(),
  /** Absent = it was not planned; `problem` says why. */
  id: z.string().optional(),
  state: PromotionState.optional(),
  reason: z.string().optional(),
  planDigest: z.string().optional(),
  problem: z.string().optional(),
})

export const promoteMany = endpoint({
  method: 'POST',
  path: '/api/v1/promotions/bulk',
  permission: 'promotions:write',
  summary:
    'Plan the promotion of several applications into one environment; agreed to together, they become one commit',
  body: z.object({
    applications: z.array(z.string().min(1).max(253)).min(1).max(100),
    to: EnvironmentName,
    from: EnvironmentName.optional(),
    message: Message.optional(),
  }),
  response: z.object({ bulk: z.string(), items: z.array(BulkItem) }),
})

export const applyMany = endpoint({
  method: 'POST',
  path: '/api/v1/promotions/bulk/apply',
  permission: 'promotions:write',
  summary: 'Carry these very plans out as soon as their gates are open',
  body: z.object({
    plans: z
      .array(z.object({ id: z.string().min(1).max(200), planDigest: z.string().min(1).max(200) }))
      .min(1)
      .max(100),
    message: Message.optional(),
  }),
  response: z.object({ items: z.array(z.object({ id: z.string(), problem: z.string().optional() })) }),
})
