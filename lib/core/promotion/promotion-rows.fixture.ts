import { expect, it } from 'vitest'
import { decidePromotion } from './decide-promotion.ts'
import { base, now } from './promotion.fixture.ts'
import type { PromotionAction, PromotionSeen } from './types.ts'

export type Row = [
  label: string,
  seen: Partial<PromotionSeen>,
  want: { kind: PromotionAction['kind']; state?: PromotionAction['state'] } & Record<string, unknown>,
  says?: string,
]

/** A test for each row: what is decided about it now, and a word of the reason. */
export function check(rows: Row[]): void {
  it.each(rows)('%s', (_label, seen, want, says) => {
    const action = decidePromotion({ ...base, ...seen }, now)
    expect(action).toMatchObject(want)
    expect(action.reason).toContain(says ?? '')
  })
}
