import { Fault } from '#lib/core/fault/index.ts'
import type { OperationRecord, PromotionRecord, WriteRequest } from '#lib/ports/store/index.ts'
import { changePromotion } from './change-promotion.ts'
import { helmReleaseId, type WorkerDeps } from './deps.ts'
import { planWayBack } from './plan-way-back.ts'
import { promotionAudit } from './promotion-audit.ts'
import { commitIntent } from './write-audit.ts'

/**
 * The way back that `wheelhouse.yaml` asks for when a promotion does not become healthy: as a person's, to the revision
 * that was deployed before. Where there is none the promotion says so.
 */
export async function rollBackPromotion(deps: WorkerDeps, promotion: PromotionRecord, reason: string): Promise<void> {
  const operation = deps.newId('op')
  try {
    const made = await makeRequest(deps, promotion, operation, reason)
    await keep(deps, promotion, { operation, state: 'under-way', because: reason }, (store) =>
      store.enqueueWrite(...made),
    )
    deps.wakeups.wake('write', 'person')
  } catch (error) {
    if (!(error instanceof Fault) || error.retryable) throw error
    await keep(deps, promotion, { operation, state: 'failed', because: reason, reason: error.message })
  }
  deps.wakeups.wake('promote', promotion.id)
}

async function keep(
  deps: WorkerDeps,
  promotion: PromotionRecord,
  rollback: PromotionRecord['facts']['rollback'],
  write: (store: WorkerDeps['store']) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  await changePromotion(deps, promotion, async (latest) => {
    const next = { ...latest, facts: { ...latest.facts, rollback } }
    await deps.store.transaction(async (store) => {
      await store.savePromotion(next)
      await write(store)
    })
    deps.memory.promotions.set(next.id, next)
  })
}

async function makeRequest(
  deps: WorkerDeps,
  promotion: PromotionRecord,
  operationId: string,
  reason: string,
): Promise<Parameters<WorkerDeps['store']['enqueueWrite']>> {
  const record = deps.memory.releases.get(promotion.release)
  const release = deps.memory.snapshot?.releases.find(({ id }) => record && id === helmReleaseId(record))
  if (!record || !release) throw new Fault('not-found', 'The release is no longer in Git.')
  const revision = await revisionBefore(deps, promotion)
  const { committer } = deps.settings
  const { changes } = await planWayBack(deps, record, release, { revision, user: committer.email, reason })
  const now = deps.clock.now()
  const operation: OperationRecord = {
    id: operationId,
    kind: 'rollback',
    release: record.id,
    actor: 'automation',
    cause: { kind: 'promotion', promotion: promotion.id },
    reason: `Rolled back to revision ${revision}: ${reason}`,
    state: 'decided',
    createdAt: now,
  }
  const request: WriteRequest = {
    id: `write-${operationId}`,
    operation: operationId,
    target: { id: release.id, path: release.path },
    changes,
    kind: 'rollback',
    actor: committer,
    cause: `promotion ${promotion.id}, not healthy`,
    expects: {},
    createdAt: now,
  }
  const audit = [
    promotionAudit(deps, promotion, 'rollback.decided', { actor: 'automation', operation: operationId, reason }),
    promotionAudit(deps, promotion, 'commit.intent', {
      actor: 'automation',
      operation: operationId,
      intent: commitIntent(request.id),
      data: { path: release.path },
    }),
  ]
  return [request, operation, audit]
}

/** The newest revision before the promotion's own that was deployed. */
async function revisionBefore({ store }: WorkerDeps, { operation, release }: PromotionRecord): Promise<number> {
  const made = operation === undefined ? undefined : (await store.getOperation(operation))?.revision
  const { items } = await store.listRevisions(release)
  const own = made ?? Number.POSITIVE_INFINITY
  const before = items.find(
    ({ revision, status, commit }) =>
      revision < own && (status === 'superseded' || status === 'deployed') && commit !== undefined,
  )
  if (!before) throw new Fault('not-found', 'There is no earlier revision to go back to.')
  return before.revision
}
