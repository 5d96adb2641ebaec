'use client'

import Link from 'next/link'
import { parseAsString, useQueryState } from 'nuqs'
import { QueryView } from '../live/query-view.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { Card, Section } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { AlertRow } from './alert-row.tsx'
import { Silences } from './silences.tsx'
import { useOpenAlerts, useRecoveredAlerts } from './use-alerts.ts'

/** What is wrong now first, one line per incident: since when, what, what next. Then what is over. */
export function AlertsPage() {
  const [pointedAt] = useQueryState('alert', parseAsString)
  const open = useOpenAlerts()
  const count = open.data?.items.length ?? 0
  return (
    <>
      <PageHead
        title="Alerts"
        chips={open.data && (count > 0 ? <Chip tone="bad">{count} open</Chip> : <Chip tone="ok">none open</Chip>)}
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-[18px]">
        <Card>
          <QueryView query={open} what="the alerts" loading={<SkeletonRows label="Loading the alerts" />}>
            {({ items }) =>
              items.length === 0 ? (
                <NoAlerts />
              ) : (
                <ul className="divide-y divide-line">
                  {items.map((alert) => (
                    <AlertRow key={alert.id} alert={alert} pointedAt={alert.id === pointedAt} />
                  ))}
                </ul>
              )
            }
          </QueryView>
        </Card>
        <Silences />
        <Recovered pointedAt={pointedAt} />
      </div>
    </>
  )
}

function Recovered({ pointedAt }: { pointedAt: string | null }) {
  const past = useRecoveredAlerts()
  return (
    <Section title="Recovered" note="newest first">
      <QueryView query={past} what="what is over" loading={<SkeletonRows rows={3} label="Loading what is over" />}>
        {(items) =>
          items.length === 0 ? (
            <p className="px-4 py-3 text-muted">An incident that is over is listed here.</p>
          ) : (
            <ul className="divide-y divide-line">
              {items.map((alert) => (
                <AlertRow key={alert.id} alert={alert} pointedAt={alert.id === pointedAt} />
              ))}
            </ul>
          )
        }
      </QueryView>
      <LoadMore more={past.hasNextPage} busy={past.isFetchingNextPage} onMore={() => void past.fetchNextPage()} />
    </Section>
  )
}

function NoAlerts() {
  return (
    <EmptyState icon="alerts" title="All is calm">
      Failed, stuck or unhealthy releases, broken policies and unreachable registries are told here, one line per
      incident. Who is told of them elsewhere is set in{' '}
      <Link href="/settings/notifications" className="link">
        Settings, Notifications
      </Link>
      .
    </EmptyState>
  )
}
