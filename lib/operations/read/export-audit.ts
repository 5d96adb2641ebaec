import type { Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

const rowsAtOnce = 1000

/** The chain from row `from`, oldest first, in batches of JSON lines; memory stays at one batch. */
export function exportAudit(
  deps: { store: Pick<Store, 'readChain'> },
  caller: Caller,
  from: number,
): AsyncGenerator<string, void> {
  ask(caller, 'audit:read')
  return batches(deps, from)
}

async function* batches(deps: { store: Pick<Store, 'readChain'> }, from: number): AsyncGenerator<string, void> {
  for (let next = from; ;) {
    const rows = await deps.store.readChain(next, rowsAtOnce)
    if (rows.length > 0) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('')
    const last = rows.at(-1)
    if (!last || rows.length < rowsAtOnce) return
    next = last.seq + 1
  }
}
