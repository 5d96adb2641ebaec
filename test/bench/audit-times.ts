import { setTimeout as pause } from 'node:timers/promises'
import { listAudit } from '#lib/api/audit.ts'
import { call } from '#lib/api/client.ts'
import type { BenchProduct } from './bench-product.ts'
import { summary } from './statistics.ts'

/** Rows follow what they tell of. */
const chainedMs = 1_000

/**
 * Where the time goes, by the product's own audit: for each kind how long after `starts` its row of that turn was written.
 * A kind with another number of rows than there were turns only says how many.
 */
export async function sinceStarts(bench: BenchProduct, starts: readonly number[], kinds: readonly string[]) {
  await pause(chainedMs)
  const since = Math.floor(Math.min(...starts)) - 1_000
  const told = kinds.map(async (kind) => {
    const query = { kind, since, limit: 200 }
    const found = await call(listAudit, { query }, { baseUrl: bench.product.web, token: bench.product.token })
    const times = found.items.filter((row) => row.kind === kind).map(({ at }) => at)
    const rows = times.toSorted((a, b) => a - b)
    const delays = rows.map((at, index) => at - (starts[index] ?? 0))
    return [kind, rows.length === starts.length ? summary(delays) : { rows: rows.length }] as const
  })
  return Object.fromEntries(await Promise.all(told))
}
