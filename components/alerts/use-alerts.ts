'use client'

import { useQuery } from '@tanstack/react-query'
import { listAlerts } from '#lib/api/alerts.ts'
import { call } from '#lib/api/client.ts'
import { keys } from '../live/query-keys.ts'

const atMost = 200

export function useOpenAlerts() {
  const query = { open: 'true', limit: atMost } as const
  return useQuery({ queryKey: keys.alerts(query), queryFn: ({ signal }) => call(listAlerts, { query }, { signal }) })
}

export function useRecoveredAlerts(enabled: boolean) {
  const query = { open: 'false', limit: 50 } as const
  return useQuery({
    queryKey: keys.alerts(query),
    queryFn: ({ signal }) => call(listAlerts, { query }, { signal }),
    enabled,
  })
}
