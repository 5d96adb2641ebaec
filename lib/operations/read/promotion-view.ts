import type { GateResult, Identity } from '#lib/core/gate/index.ts'
import type { PromotionRecord } from '#lib/ports/store/index.ts'

/** Somebody, as far as known. */
export interface Who {
  name: string
  emails: string[]
}

/** A promotion as it is shown everywhere. */
export interface PromotionView {
  id: string
  release: string
  application: string
  from?: string
  to: string
  way: string
  state: PromotionRecord['state']
  reason: string
  planDigest: string
  images: PromotionRecord['facts']['images']
  requester?: Who
  authors: Who[]
  message?: string
  bulk?: string
  applied?: { by: string; at: number }
  pullRequest?: { number: number; url: string }
  operation?: string
  createdAt: number
  endedAt?: number
  /** When it came into its state. */
  since: number
  /** Gates that keep it, as the worker last saw them; empty once it is on its way. */
  waitsFor: GateView[]
}

/** A gate with lists of its own, as the wire wants them. */
export type GateView = ReturnType<typeof gateView>

export function gateView({ gate, verdict, evidence, ...rest }: GateResult) {
  const could = 'whoCould' in rest ? rest.whoCould : undefined
  return {
    gate,
    verdict,
    evidence,
    nextEvaluation: 'nextEvaluation' in rest ? rest.nextEvaluation : undefined,
    whoCould: could?.map(({ act, roles, except }) => ({ act, roles: [...roles], except: [...except] })),
    by: 'by' in rest ? rest.by : undefined,
    reason: 'reason' in rest ? rest.reason : undefined,
  }
}

const beforeGates: readonly PromotionRecord['state'][] = ['planned', 'waiting', 'approved']

export function promotionView({ facts, source, environment, steps, ...rest }: PromotionRecord): PromotionView {
  const last = steps.at(-1)
  const shut = beforeGates.includes(rest.state)
    ? (last?.gates ?? []).filter(({ verdict }) => verdict === 'waiting' || verdict === 'refused')
    : []
  const who = ({ name, emails }: Identity): Who => ({ name, emails: [...emails] })
  return {
    ...rest,
    from: source,
    to: environment,
    images: facts.images,
    requester: facts.requester && who(facts.requester),
    authors: facts.authors.map(who),
    message: facts.message,
    bulk: facts.bulk,
    applied: facts.applied && { by: facts.applied.by, at: facts.applied.at },
    pullRequest: facts.pullRequest,
    since: last?.at ?? rest.createdAt,
    waitsFor: shut.map(gateView),
  }
}
