import { verifyChain } from './chain.ts'
import type { AuditEntry, ChainVerdict, Checkpoint } from './types.ts'

/** `verifyChain` of a chain that comes in pages, of which one is kept at a time. */
export async function verifyPages(
  pages: AsyncIterable<readonly AuditEntry[]>,
  checkpoint?: Checkpoint,
  after?: Checkpoint,
): Promise<ChainVerdict> {
  let entries = 0
  let last = after
  for await (const page of pages) {
    const end = page.at(-1)?.seq ?? 0
    // Before its own page a checkpoint would seem to stand beyond the end.
    const verdict = verifyChain(page, checkpoint && checkpoint.seq <= end ? checkpoint : undefined, last)
    if (!verdict.ok) return verdict
    entries += page.length
    last = verdict.head ?? last
  }
  const verdict = verifyChain([], checkpoint, last)
  return verdict.ok ? { ok: true, entries, head: last } : verdict
}
