'use client'

import Link from 'next/link'
import type { Alert } from '#lib/api/alerts.ts'
import type { Matrix } from '#lib/api/environments.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import { useOpenAlerts } from '../alerts/use-alerts.ts'
import { PromotionBanners } from '../promotions/promotion-banners.tsx'
import { standingOf } from '../releases/release-state.ts'
import { useDeletions } from '../repository/use-repository.ts'
import { useSettings } from '../settings/use-settings.ts'
import { Banner } from '../ui/banner.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { releasesOf } from './matrix-rows.ts'

const alertsShown = 3
const gravity = ({ severity }: Alert): number => (severity === 'critical' ? 1 : 0)
const failuresShown = 3

/** What wants to be known before anything else: what is not ready yet, alerts, failures, deletions that wait, what is only observed. */
export function OpenBanners({ matrix }: { matrix?: Matrix }) {
  const alerts = (useOpenAlerts().data?.items ?? []).toSorted((a, b) => gravity(b) - gravity(a))
  const waiting = (useDeletions().data?.items ?? []).filter((deletion) => deletion.state === 'waiting')
  const alerted = new Set(alerts.map((alert) => alert.release))
  const releases = matrix ? releasesOf(matrix) : []
  const names = new Map(releases.map((release) => [release.id, release.name]))
  const failing = releases.filter((release) => standingOf(release).state === 'bad' && !alerted.has(release.id))
  const observed = (matrix?.environments ?? []).filter((one) => one.mode === 'observe').map((one) => one.name)
  return (
    <section className="empty:hidden" aria-label="What needs attention">
      <WorldBanner />
      {alerts.slice(0, alertsShown).map((alert) => (
        <Banner
          key={alert.id}
          state={alert.severity === 'critical' ? 'bad' : 'wait'}
          aside={
            <>
              <RelativeTime at={alert.openedAt} className="text-xs text-faint" />
              {alert.release && (
                <ButtonLink size="sm" href={`/releases/${encodeURIComponent(alert.release)}`}>
                  Open<span className="sr-only"> {names.get(alert.release)}</span>
                </ButtonLink>
              )}
            </>
          }
        >
          <span className="line-clamp-2" title={`${alert.detail}\n${alert.nextStep}`}>
            <b className="font-semibold">{alert.title}</b>{' '}
            <span className="text-muted">{alert.detail || alert.nextStep}</span>
          </span>
        </Banner>
      ))}
      {alerts.length > alertsShown && (
        <p className="mb-2 text-xs text-muted">
          <Link href="/alerts" className="link">
            {alerts.length - alertsShown} more open alerts
          </Link>
        </p>
      )}
      {failing.slice(0, failuresShown).map((release) => (
        <FailureBanner key={release.id} release={release} />
      ))}
      <PromotionBanners />
      {waiting.length > 0 && (
        <Banner
          state="wait"
          aside={
            <ButtonLink size="sm" href="/repository#deletions">
              Decide
            </ButtonLink>
          }
        >
          {waiting.length === 1 ? 'One object left Git and waits' : `${waiting.length} objects left Git and wait`} for
          consent before anything is deleted.
        </Banner>
      )}
      {observed.length > 0 && (
        <Banner
          state="held"
          aside={
            <ButtonLink size="sm" href="/settings">
              Modes
            </ButtonLink>
          }
        >
          Only observed: <b className="font-semibold">{observed.join(', ')}</b>. Each release shows what would happen;
          nothing is written there.
        </Banner>
      )}
    </section>
  )
}

function FailureBanner({ release }: { release: Release }) {
  const standing = standingOf(release)
  const why = release.phase === 'failed' ? release.reason : release.healthReason
  return (
    <Banner
      state="bad"
      aside={
        <>
          <RelativeTime at={standing.since} suffix className="text-xs text-faint" />
          <ButtonLink size="sm" href={`/releases/${encodeURIComponent(release.id)}`}>
            Open<span className="sr-only"> {release.name}</span>
          </ButtonLink>
        </>
      }
    >
      <span className="line-clamp-2" title={why}>
        <b className="font-semibold">{release.name}</b> in {release.environment}{' '}
        <span className="text-muted">{why}</span>
      </span>
    </Banner>
  )
}

function WorldBanner() {
  const settings = useSettings().data
  if (!settings) return null
  if (settings.worker.state === 'absent') {
    return (
      <Banner state="bad">
        <b className="font-semibold">No worker is running.</b>{' '}
        <span className="text-muted">Nothing is fetched, scanned or deployed until one does.</span>
      </Banner>
    )
  }
  const { cluster } = settings
  if (cluster.state === 'waiting' || cluster.state === 'unreachable') {
    return (
      <Banner state={cluster.state === 'waiting' ? 'run' : 'bad'}>
        <b className="font-semibold">
          {cluster.state === 'waiting'
            ? `Waiting for the cluster ${cluster.name}.`
            : `The cluster ${cluster.name} does not answer.`}
        </b>{' '}
        <span className="text-muted">{cluster.reason ?? 'What needs no cluster goes on meanwhile.'}</span>
      </Banner>
    )
  }
  return null
}
