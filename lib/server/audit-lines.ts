import { exportAudit as endpoint } from '#lib/api/audit.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { exportAudit } from '#lib/operations/read/export-audit.ts'
import { parseInput } from './parse-input.ts'
import { apiHeaders } from './respond.ts'
import type { RawGiven } from './route.ts'

const contentTypes = { jsonl: 'application/jsonl', csv: 'text/csv' }

/** The audit chain as a download that is read from the database while it is sent. */
export async function auditLines({ deps, caller, request, params }: RawGiven): Promise<Response> {
  if (!caller) throw new Fault('unauthenticated', 'You are not signed in.')
  const { query } = await parseInput(endpoint, request, params)
  const lines = exportAudit(deps, caller, { from: query.from ?? 1, format: query.format })
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(sink) {
      const next = await lines.next()
      if (next.done) sink.close()
      else sink.enqueue(encoder.encode(next.value))
    },
    async cancel() {
      await lines.return()
    },
  })
  return new Response(body, {
    headers: {
      ...apiHeaders,
      'content-type': `${contentTypes[query.format]}; charset=utf-8`,
      'content-disposition': `attachment; filename="wheelhouse-audit.${query.format}"`,
    },
  })
}
