'use client'

import { useQuery } from '@tanstack/react-query'
import { call } from '#lib/api/client.ts'
import { getRelease, listReleaseActivity } from '#lib/api/releases.ts'
import { keys } from '../live/query-keys.ts'
import { usePages } from '../live/use-pages.ts'

export function useRelease(id: string) {
  return useQuery({
    queryKey: keys.release(id),
    queryFn: ({ signal }) => call(getRelease, { params: { id } }, { signal }),
  })
}

export function useActivity(id: string) {
  return usePages(keys.activity(id), (after, signal) =>
    call(listReleaseActivity, { params: { id }, query: { after, limit: 60 } }, { signal }),
  )
}
