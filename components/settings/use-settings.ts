'use client'

import { useQuery } from '@tanstack/react-query'
import { call } from '#lib/api/client.ts'
import { getSettings } from '#lib/api/settings.ts'
import { keys } from '../live/query-keys.ts'
import { useAllowed } from '../session/use-me.ts'

/** Asked only for those who may read them. */
export function useSettings() {
  return useQuery({
    queryKey: keys.settings,
    queryFn: ({ signal }) => call(getSettings, {}, { signal }),
    enabled: useAllowed('settings:read'),
  })
}
