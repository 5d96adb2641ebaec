import type { PromotionState } from '../promotion/index.ts'
import { sentence } from '../problem/index.ts'
import type { AlertVerdict } from './types.ts'

/** What a promotion's record says of it. */
export interface PromotionConditions {
  release: string
  application: string
  environment: string
  state: PromotionState
  reason: string
  /** Milliseconds since the epoch: when it came into this state. */
  since: number
  /** CI should long have built what was merged for it. */
  unbuilt?: boolean
}

/** Milliseconds: whoever is to approve may sleep over it. */
const patienceMs = 86_400_000

export const promotionScope = (release: string): string => `promotion ${release} `

/** One incident for the promotions to a release, told by the one that was looked at last. */
export function promotionAlerts(promotion: PromotionConditions, now: number): AlertVerdict {
  const { release, application, environment, state, reason, since } = promotion
  const key = `${promotionScope(release)}state`
  const about = { key, severity: 'warning' as const, release, environment, detail: sentence(reason) }
  switch (state) {
    case 'failed':
    case 'rolled-back':
      return {
        wanted: [
          {
            ...about,
            kind: 'promotion-failed',
            title: `The promotion of ${application} to ${environment} ${state === 'failed' ? 'failed' : 'was rolled back'}`,
            nextStep: 'Look at the promotion, correct what it says, and promote again.',
          },
        ],
        kept: [],
      }
    case 'waiting':
      if (promotion.unbuilt) {
        const title = `CI has not built ${application} for ${environment} for 30 minutes`
        const nextStep = 'Look at the build of the merge commit, and start it again; or withdraw the promotion.'
        return { wanted: [{ ...about, kind: 'promotion-waits', title, nextStep }], kept: [] }
      }
      if (now - since < patienceMs) return { wanted: [], kept: [key] }
      return {
        wanted: [
          {
            ...about,
            kind: 'promotion-waits',
            title: `The promotion of ${application} to ${environment} waits for more than a day`,
            nextStep: 'Approve it, open what it waits for, or withdraw it.',
          },
        ],
        kept: [],
      }
    case 'planned':
    case 'approved':
    case 'writing':
    case 'deploying':
    case 'verifying':
    case 'superseded':
      // On its way, or another one goes on in its place.
      return { wanted: [], kept: [key] }
    case 'verified':
    case 'refused':
      return { wanted: [], kept: [] }
  }
}
