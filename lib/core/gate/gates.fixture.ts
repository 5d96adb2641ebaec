import { noGates } from './evaluate-gates.ts'
import type { Approval, GateInput, Gates, Identity, Override, SourceSeen } from './types.ts'

export const minute = 60_000
export const hour = 60 * minute
export const now = Date.parse('2026-03-04T12:00:00Z')
export const digest = 'plan-1'

export const person = (name: string, emails: string[] = [`${name}@example.org`]): Identity => ({
  person: `p-${name}`,
  emails,
  name,
})
export const [ann, bob, cat, dan] = [person('ann'), person('bob'), person('cat'), person('dan')]

export const gates = (more: Partial<Gates> = {}): Gates => ({ ...noGates, override: ['approver'], ...more })

export const healthy = (since: number): SourceSeen => ({
  kind: 'runs',
  environment: 'stg',
  since,
  health: { kind: 'healthy', reason: '2 of 2 ready.', since },
})
export const unwell = (kind: 'failing' | 'stuck' | 'progressing' | 'unknown'): SourceSeen => ({
  kind: 'runs',
  environment: 'stg',
  since: now - hour,
  health: { kind, reason: 'Pod a crashes.', since: now - minute },
})

export const approval = (by: Identity, more: Partial<Approval> = {}): Approval => ({
  by,
  decision: 'approve',
  planDigest: digest,
  at: now - minute,
  role: 'approver',
  ...more,
})
export const override = (gate: Override['gate'], by: Identity, more: Partial<Override> = {}): Override => ({
  gate,
  by,
  role: 'approver',
  reason: 'hotfix for the outage',
  planDigest: digest,
  at: now - minute,
  ...more,
})

/** Nothing stands against it. */
export const input = (more: Partial<GateInput> = {}): GateInput => ({
  environment: 'prod',
  gates: gates(),
  planDigest: digest,
  carries: ['image podinfo 0.4.12'],
  sources: [healthy(now - hour)],
  requester: ann,
  authors: [dan],
  approvals: [],
  overrides: [],
  ...more,
})
