'use client'

import { useQuery } from '@tanstack/react-query'
import { parseAsInteger, parseAsString, useQueryStates, type inferParserType } from 'nuqs'
import { listAudit, verifyAudit } from '#lib/api/audit.ts'
import { call } from '#lib/api/client.ts'
import { keys } from '../live/query-keys.ts'
import { usePages } from '../live/use-pages.ts'

const filters = {
  actor: parseAsString,
  environment: parseAsString,
  kind: parseAsString,
  release: parseAsString,
  operation: parseAsString,
  commit: parseAsString,
  since: parseAsInteger,
  until: parseAsInteger,
}
export type AuditFilters = inferParserType<typeof filters>

/** Filters stand in the address: a copied link shows the same to a colleague. */
export const useAuditFilters = () => useQueryStates(filters, { history: 'replace' })

export function useAudit(asked: AuditFilters) {
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== null && value !== ''))
  return usePages(keys.audit(given), (after, signal) =>
    call(listAudit, { query: { ...given, after, limit: 100 } }, { signal }),
  )
}

/** Walks the chain when asked, not by itself. */
export function useVerification() {
  return useQuery({
    queryKey: keys.verification,
    queryFn: ({ signal }) => call(verifyAudit, {}, { signal }),
    enabled: false,
    staleTime: 0,
  })
}
