import { previewRule as preview, type RulePreview, type RuleScope } from '#lib/core/notification/index.ts'
import type { AlertRecord, Store } from '#lib/ports/store/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

const daysMs = 30 * 86_400_000
const atMost = 5_000

/** Which incidents of the last 30 days a rule would have told. */
export async function previewRule(
  deps: { store: Pick<Store, 'listAlerts'>; clock: Clock },
  caller: Caller,
  rule: RuleScope,
): Promise<RulePreview<AlertRecord>> {
  ask(caller, 'settings:read')
  return preview(rule, await deps.store.listAlerts({ since: deps.clock.now() - daysMs, limit: atMost }))
}
