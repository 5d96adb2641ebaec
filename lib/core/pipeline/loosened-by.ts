import { loosens, type Loosening } from '../gate/index.ts'
import type { GuardedEnvironment } from '../gate/types.ts'
import { guardOf } from './graph.ts'
import { rulesOf } from './promotion-rules.ts'
import type { PromotionRules, WheelhouseConfig } from './types.ts'

/** What an environment is held to, as it was accepted. */
export type KeptRules = Pick<PromotionRules, 'from' | 'gates'>

/**
 * What stands before an environment as `config` says it, and as it does under the rules kept. Where none are kept, what is
 * committed is what counts.
 */
export function guardsOf(
  config: WheelhouseConfig,
  environment: string,
  has: ReadonlySet<string>,
  kept: KeptRules | undefined,
): { accepted: GuardedEnvironment; committed: GuardedEnvironment } {
  const committed = guardOf(config, environment, has)
  return { committed, accepted: kept ? guardOf(withRules(config, environment, kept), environment, has) : committed }
}

function withRules(config: WheelhouseConfig, environment: string, kept: KeptRules): WheelhouseConfig {
  const { from: _from, ...rules } = rulesOf(config, environment)
  return { ...config, promotion: { ...config.promotion, [environment]: { ...rules, ...kept } } }
}

/**
 * What a `wheelhouse.yaml` would let through that the rules kept of each environment stop; environments where it does so in
 * nothing are left out. `present` = all environments there are: gates are compared as if every application were in each.
 */
export function loosenedBy(
  config: WheelhouseConfig,
  kept: ReadonlyMap<string, KeptRules>,
  present: ReadonlySet<string>,
  now: number,
): { environment: string; loosened: Loosening[] }[] {
  return [...kept]
    .map(([environment, rules]) => {
      const { accepted, committed } = guardsOf(config, environment, present, rules)
      return { environment, loosened: loosens(accepted, committed, now) }
    })
    .filter(({ loosened }) => loosened.length > 0)
}
