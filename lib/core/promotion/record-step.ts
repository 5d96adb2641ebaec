import type { GateResult } from '../gate/types.ts'
import type { PromotionAction, PromotionStep } from './types.ts'

/** The timeline after a decision: one entry per state, with its first time and its last reason. */
export function recordStep(
  steps: readonly PromotionStep[],
  { state, reason }: Pick<PromotionAction, 'state' | 'reason'>,
  gates: readonly GateResult[],
  now: number,
): PromotionStep[] {
  const last = steps.at(-1)
  if (last?.state !== state) return [...steps, { state, at: now, reason, gates }]
  return [...steps.slice(0, -1), { ...last, reason, gates }]
}
