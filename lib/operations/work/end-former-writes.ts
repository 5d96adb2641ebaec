import type { WorkerDeps } from './deps.ts'
import { followedAnother } from './followed-head.ts'
import { auditOfWrite } from './write-audit.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'memory' | 'settings'>

const because = 'It was decided for another repository or branch.'

/**
 * Ends what was decided for the repository that was followed before: it is written into no other one, which may look the same
 * and is only observed at first (§9.22).
 */
export async function endFormerWrites(deps: Deps): Promise<void> {
  if (!(await followedAnother(deps))) return
  const pending = await deps.store.pendingWrites()
  if (pending.length === 0) return
  const endedAt = deps.clock.now()
  await deps.store.transaction(async (store) => {
    for (const { operation } of pending)
      await store.updateOperation(operation, { state: 'superseded', reason: because, endedAt })
    await store.record(
      pending.map((request) => ({ ...auditOfWrite(deps, request), kind: 'commit.superseded', reason: because })),
    )
    await store.removeWrites(pending.map(({ id }) => id))
  })
}
