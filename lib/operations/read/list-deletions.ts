import type { DeletionRecord, Store } from '#lib/ports/store/index.ts'
import type { Caller } from './caller.ts'
import { maySee } from './release-view.ts'

const everyState: DeletionRecord['state'][] = ['waiting', 'consented', 'done', 'cancelled', 'kept']

const rank = (deletion: DeletionRecord) => (deletion.state === 'waiting' ? 0 : 1)

/** Those that wait come first, each group newest first. */
export async function listDeletions(
  deps: { store: Pick<Store, 'listDeletions'> },
  caller: Caller,
  filter: { state?: DeletionRecord['state'] },
): Promise<{ items: DeletionRecord[] }> {
  const all = await deps.store.listDeletions(filter.state ? [filter.state] : everyState)
  const seen = all.filter((deletion) => maySee(caller, deletion.environment))
  return { items: seen.sort((a, b) => rank(a) - rank(b) || b.createdAt - a.createdAt) }
}
