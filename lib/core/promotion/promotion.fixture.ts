import { noGates } from '../gate/index.ts'
import type { Approval, Gates, Identity, SourceSeen } from '../gate/types.ts'
import type { ImageSeen, PromotionSeen } from './types.ts'

export const minute = 60_000
export const now = Date.parse('2026-03-04T12:00:00Z')
export const [digestA, digestB] = [`sha256:${'a1'.repeat(32)}`, `sha256:${'b2'.repeat(32)}`]

export const person = (name: string): Identity => ({ person: name, emails: [`${name}@example.org`], name })
export const gates = (more: Partial<Gates> = {}): Gates => ({ ...noGates, override: ['approver'], ...more })
export const source: SourceSeen = {
  kind: 'runs',
  environment: 'stg',
  since: now - 60 * minute,
  health: { kind: 'healthy', reason: '2 of 2 ready.', since: now - 60 * minute },
}
export const approval = (name: string, more: Partial<Approval> = {}): Approval => ({
  by: person(name),
  decision: 'approve',
  planDigest: 'plan-1',
  at: now - minute,
  role: 'approver',
  ...more,
})

export const image = (more: Partial<ImageSeen> = {}): ImageSeen => ({
  container: 'chart-image',
  repository: 'registry.example.org/podinfo',
  tag: '0.4.12',
  digest: digestA,
  content: 'there',
  tagged: { kind: 'absent' },
  ...more,
})
export const tagged = image({ tagged: { kind: 'digest', digest: digestA } })

/** Applied, ungated, nothing written: the next thing is to tag. */
export const base: PromotionSeen = {
  id: 'pr-2',
  state: 'planned',
  way: 'retag',
  environment: 'prod',
  target: 'there',
  planned: { digest: 'plan-1', bound: true },
  plan: { kind: 'ready', digest: 'plan-1' },
  applied: true,
  images: [image()],
  tagsFirst: true,
  refused: [],
  gates: {
    gates: gates(),
    carries: ['image podinfo 0.4.12'],
    sources: [source],
    requester: person('ann'),
    authors: [person('dan')],
    approvals: [],
    overrides: [],
  },
  holds: {
    release: 'podinfo-prod',
    application: 'podinfo',
    environment: 'prod',
    holds: { environments: {}, applications: {} },
  },
  heldAs: 'promotion',
  older: [],
  newer: [],
  commit: { kind: 'none' },
  deploy: { kind: 'none' },
  health: { kind: 'healthy', reason: '3 of 3 ready.', revision: 11 },
  verify: { timeoutMs: 5 * minute, rollback: false },
  rollback: { kind: 'none' },
}

export const gated = (rule: Partial<Gates>, more: Partial<PromotionSeen['gates']> = {}): Partial<PromotionSeen> => ({
  gates: { ...base.gates, gates: gates(rule), ...more },
})
export const approvals = { approvals: { count: 1, roles: ['approver' as const], separate: ['requester' as const] } }
export const frozen: Partial<Gates> = {
  freeze: [{ kind: 'once', from: now - minute, to: now + minute, reason: 'sale' }],
}
export const held: Partial<PromotionSeen> = { holds: { ...base.holds, own: { user: 'bob', message: 'audit' } } }
export const pushed: Partial<PromotionSeen> = {
  state: 'writing',
  images: [tagged],
  commit: { kind: 'pushed', commit: 'c1' },
}
export const deployed: Partial<PromotionSeen> = {
  ...pushed,
  state: 'deploying',
  deploy: { kind: 'deployed', revision: 12, at: now - minute },
}
