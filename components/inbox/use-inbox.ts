'use client'

import { useMemo } from 'react'
import { useQuery } from '@tanstack/react-query'
import { ApiError, call } from '#lib/api/client.ts'
import { listGates } from '#lib/api/gates.ts'
import { listPromotions } from '#lib/api/promotions.ts'
import { useOpenAlerts } from '../alerts/use-alerts.ts'
import { keys } from '../live/query-keys.ts'
import { useOpenPromotions } from '../promotions/use-promotions.ts'
import { useDeletions } from '../repository/use-repository.ts'
import { useMe } from '../session/use-me.ts'
import { useNow } from '../ui/use-now.ts'
import { inboxOf, type InboxSection } from './inbox-items.ts'

/** More ended in one day than this is seen in the list of promotions. */
const latestAtMost = 50

/** What waits for the person who is signed in. */
export function useInbox(): { sections: InboxSection[]; count: number; isLoading: boolean; missing: string[] } {
  const me = useMe()
  const open = useOpenPromotions()
  const query = { limit: latestAtMost } as const
  const latest = useQuery({
    queryKey: keys.promotions(query),
    queryFn: ({ signal }) => call(listPromotions, { query }, { signal }),
  })
  const gates = useQuery({ queryKey: keys.gates, queryFn: ({ signal }) => call(listGates, {}, { signal }) })
  const deletions = useDeletions()
  const alerts = useOpenAlerts()
  const now = useNow(60_000)
  const sections = useMemo(() => {
    const seen = {
      open: open.data?.items ?? [],
      latest: latest.data?.items ?? [],
      gates: gates.data?.items ?? [],
      deletions: deletions.data?.items ?? [],
      alerts: alerts.data?.items ?? [],
    }
    return me.data ? inboxOf(seen, me.data, now) : []
  }, [open.data, latest.data, gates.data, deletions.data, alerts.data, me.data, now])
  const asked = { promotions: open, 'ended promotions': latest, gates, deletions, alerts }
  return {
    sections,
    count: sections.reduce((sum, { items }) => sum + items.length, 0),
    isLoading: me.isPending || Object.values(asked).some((one) => one.isPending),
    missing: Object.entries(asked).flatMap(([name, one]) =>
      one.data === undefined && one.isError && !isNotTheirs(one.error) ? [name] : [],
    ),
  }
}

/** What somebody may not see does not wait for them. */
const isNotTheirs = (error: unknown): boolean => error instanceof ApiError && error.status === 403
