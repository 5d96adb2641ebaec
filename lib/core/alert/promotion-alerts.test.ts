import { expect, it } from 'vitest'
import type { PromotionState } from '../promotion/index.ts'
import { promotionAlerts } from './promotion-alerts.ts'

const hour = 3_600_000
const promotion = { release: 'rel-1', application: 'podinfo', environment: 'prod', reason: 'No approval', since: 0 }

const rows: [state: PromotionState, now: number, comesTo: string][] = [
  ['failed', 1, 'promotion-failed'],
  ['rolled-back', 1, 'promotion-failed'],
  ['waiting', 23 * hour, 'left as it is'],
  ['waiting', 24 * hour, 'promotion-waits'],
  ['deploying', 48 * hour, 'left as it is'],
  ['superseded', 1, 'left as it is'],
  ['verified', 1, 'over'],
  ['refused', 1, 'over'],
]
it.each(rows)('%s after %s ms: %s', (state, now, comesTo) => {
  const { wanted, kept } = promotionAlerts({ ...promotion, state }, now)
  expect(wanted[0]?.kind ?? (kept.length > 0 ? 'left as it is' : 'over')).toBe(comesTo)
  for (const key of [...wanted.map((alert) => alert.key), ...kept]) expect(key).toBe('promotion rel-1 state')
})

it('tells of a build that does not come, long before a day has passed', () => {
  const [alert] = promotionAlerts({ ...promotion, state: 'waiting', unbuilt: true }, hour).wanted
  expect(alert).toMatchObject({ kind: 'promotion-waits', title: 'CI has not built podinfo for prod for 30 minutes' })
})

it('says what and why', () => {
  const [alert] = promotionAlerts({ ...promotion, state: 'waiting' }, 30 * hour).wanted
  expect(alert).toMatchObject({
    title: 'The promotion of podinfo to prod waits for more than a day',
    detail: 'No approval.',
    severity: 'warning',
  })
})
