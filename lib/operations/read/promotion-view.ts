import type { Identity } from '#lib/core/gate/index.ts'
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
  operation?: string
  createdAt: number
  endedAt?: number
}

export function promotionView({ facts, source, environment, steps: _steps, ...rest }: PromotionRecord): PromotionView {
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
  }
}
