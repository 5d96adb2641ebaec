'use client'

import Link from 'next/link'
import { parseAsBoolean, useQueryState } from 'nuqs'
import type { Alert } from '#lib/api/alerts.ts'
import { QueryView } from '../live/query-view.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { Duration } from '../ui/duration.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { useOpenAlerts, useRecoveredAlerts } from './use-alerts.ts'

/** One line per incident: since when, what, what next. */
export function AlertsPage() {
  const [recovered, showRecovered] = useQueryState('recovered', parseAsBoolean.withDefault(false))
  const open = useOpenAlerts()
  const past = useRecoveredAlerts(recovered)
  const count = open.data?.items.length ?? 0
  return (
    <>
      <PageHead
        title="Alerts"
        chips={open.data && (count > 0 ? <Chip tone="bad">{count} open</Chip> : <Chip tone="ok">none open</Chip>)}
        actions={
          <Segmented
            label="Which alerts"
            value={recovered ? 'recovered' : 'open'}
            onChange={(next) => void showRecovered(next === 'recovered' || null)}
            options={[
              { value: 'open', label: 'Open' },
              { value: 'recovered', label: 'Recovered' },
            ]}
          />
        }
      />
      <Card>
        <QueryView
          query={recovered ? past : open}
          what="the alerts"
          loading={<SkeletonRows label="Loading the alerts" />}
        >
          {({ items }) =>
            items.length === 0 ? (
              <NoAlerts recovered={recovered} />
            ) : (
              <ul className="divide-y divide-line">
                {items.map((alert) => (
                  <AlertRow key={alert.id} alert={alert} />
                ))}
              </ul>
            )
          }
        </QueryView>
      </Card>
    </>
  )
}

function AlertRow({ alert }: { alert: Alert }) {
  const recovered = alert.recoveredAt !== undefined
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <StateIcon
        state={recovered ? 'ok' : alert.severity === 'critical' ? 'bad' : 'wait'}
        label={recovered ? 'recovered' : alert.severity}
        className="mt-[3px] size-3.5"
      />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{alert.title}</p>
        <p className="text-muted">{alert.detail}</p>
        {!recovered && (
          <p className="mt-0.5">
            <span className="text-faint">Next:</span> {alert.nextStep}
          </p>
        )}
        <p className="mt-1 flex flex-wrap gap-x-3 text-xs text-faint">
          <span>
            {recovered ? 'lasted' : 'for'} <Duration from={alert.openedAt} to={alert.recoveredAt} />
          </span>
          <span>
            opened <RelativeTime at={alert.openedAt} suffix />
          </span>
          {alert.environment && <span>{alert.environment}</span>}
          <span>{alert.kind}</span>
          {alert.acknowledgedBy && <span>acknowledged by {alert.acknowledgedBy}</span>}
        </p>
      </div>
      {alert.release && (
        <ButtonLink size="sm" href={`/releases/${encodeURIComponent(alert.release)}`}>
          Open<span className="sr-only"> {alert.title}</span>
        </ButtonLink>
      )}
    </li>
  )
}

function NoAlerts({ recovered }: { recovered: boolean }) {
  return (
    <EmptyState icon="alerts" title={recovered ? 'Nothing has recovered lately' : 'All is calm'}>
      {recovered ? (
        'An incident that is over is listed here.'
      ) : (
        <>
          Failed, stuck or drifted releases, broken policies and unreachable registries are told here, one line per
          incident.{' '}
          <Link href="/" className="link">
            Back to the environments
          </Link>
        </>
      )}
    </EmptyState>
  )
}
