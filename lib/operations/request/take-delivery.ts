import { decideDelivery, type DeliveryDecision, type Told } from '#lib/core/webhook/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { HookDeliveryRecord, Store } from '#lib/ports/store/index.ts'
import type { Wakeups } from '#lib/ports/wakeups.ts'
import { configInForce } from '../read/config-in-force.ts'
import type { ShownConfig } from '../read/shown-config.ts'

export interface DeliveryDeps {
  store: Store
  wakeups: Wakeups
  clock: Clock
  shown: Pick<ShownConfig, 'repository' | 'branch'>
}

export type NewDelivery = Omit<HookDeliveryRecord, 'repeats' | 'verdict' | 'told'> & { told: Told }

/**
 * Writes a delivery down and wakes whoever has to look. Scans that are due are written with it, for the case that nobody is
 * awake; the branch is polled anyway. Undefined = it was taken before and is not handled again.
 */
export async function takeDelivery(
  deps: DeliveryDeps,
  delivery: NewDelivery,
  payload: string | undefined,
): Promise<DeliveryDecision | undefined> {
  const decision = await decide(deps, delivery.told)
  const record = { ...delivery, verdict: decision.verdict }
  const scans = decision.wakes.flatMap((wake) => (wake.topic === 'scan' ? wake.repository : []))
  const isNew =
    scans.length === 0
      ? await deps.store.takeDelivery(record, payload)
      : await deps.store.transaction(async (store) => {
          const isFresh = await store.takeDelivery(record, payload)
          if (isFresh) await store.requestScans(scans, deps.clock.now())
          return isFresh
        })
  if (isNew) wakeFor(deps, decision, delivery)
  deps.wakeups.wake('outbox')
  return isNew ? decision : undefined
}

async function decide({ store, shown }: DeliveryDeps, told: Told): Promise<DeliveryDecision> {
  const watched = told.kind === 'images' ? await store.listImageRepositories() : []
  const followed = { repository: shown.repository, branch: shown.branch, watched }
  const decision = decideDelivery(told, { ...followed, sources: [] })
  const isElsewhere = (told.kind === 'pushed' || told.kind === 'pull-request') && decision.verdict.kind === 'ignored'
  if (!isElsewhere) return decision
  const { applications } = await configInForce({ store, shown })
  const sources = Object.values(applications).flatMap(({ source }) => (source === undefined ? [] : [source]))
  return sources.length > 0 ? decideDelivery(told, { ...followed, sources }) : decision
}

function wakeFor({ wakeups }: DeliveryDeps, { wakes }: DeliveryDecision, { hook }: NewDelivery): void {
  for (const wake of wakes) {
    if (wake.topic === 'scan') wakeups.wake('scan', wake.repository)
    else wakeups.wake(wake.topic)
  }
  wakeups.wake('webhook', hook)
}
