'use client'

import { useQuery } from '@tanstack/react-query'
import { call } from '#lib/api/client.ts'
import { listOperations } from '#lib/api/operations.ts'
import { keys } from '../live/query-keys.ts'

const hourMs = 3_600_000

/** Decided changes of the last hour, newest first. */
export function useChanges() {
  return useQuery({
    queryKey: keys.changes,
    queryFn: ({ signal }) => call(listOperations, { query: { since: Date.now() - hourMs, limit: 50 } }, { signal }),
  })
}
