'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { call } from '#lib/api/client.ts'
import { compareLive, diffRevisions, listRevisions } from '#lib/api/releases.ts'
import { keys } from '../live/query-keys.ts'
import { usePages } from '../live/use-pages.ts'

export function useRevisions(id: string) {
  return usePages(keys.revisions(id), (after, signal) =>
    call(listRevisions, { params: { id }, query: { after, limit: 50 } }, { signal }),
  )
}

export interface Compared {
  from: number
  to: number
  what: 'values' | 'manifest'
}

export function useDiff(id: string, compared: Compared | undefined) {
  return useQuery({
    queryKey: keys.diff(id, { ...compared }),
    queryFn: ({ signal }) => call(diffRevisions, { params: { id }, query: compared ?? { from: 1, to: 1 } }, { signal }),
    enabled: compared !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  })
}

/** A look at the cluster is taken when it is asked for: it costs a dry run of each object. */
export function useLiveComparison(id: string, revision: number) {
  return useQuery({
    queryKey: keys.live(id, revision),
    queryFn: ({ signal }) => call(compareLive, { params: { id, revision } }, { signal }),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  })
}
