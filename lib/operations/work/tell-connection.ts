import { connectionFact, type ConnectionFact } from '../read/connection-facts.ts'
import type { WorkerDeps } from './deps.ts'

/** Tells the pages what is followed, by what it is reached, and who said so. */
export async function tellConnection(
  { store, settings }: Pick<WorkerDeps, 'store' | 'settings'>,
  source: ConnectionFact['source'],
): Promise<void> {
  const { repository, branch, reach } = settings
  await store.setFact(connectionFact, { repository, branch, source, reach } satisfies ConnectionFact)
}
