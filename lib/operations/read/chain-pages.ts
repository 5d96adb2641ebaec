import type { AuditRecord, Store } from '#lib/ports/store/index.ts'

const rowsAtOnce = 1000

/** The audit chain from row `from`, oldest first, with one page in memory at a time. */
export async function* chainPages(
  store: Pick<Store, 'readChain'>,
  from: number,
): AsyncGenerator<AuditRecord[], void, undefined> {
  for (let next = from; ;) {
    const rows = await store.readChain(next, rowsAtOnce)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (!last || rows.length < rowsAtOnce) return
    next = last.seq + 1
  }
}
