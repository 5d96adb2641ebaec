'use client'

import type { ReactNode } from 'react'
import { ApiError } from '#lib/api/client.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import { QueryView } from '../live/query-view.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { Breadcrumbs } from '../ui/breadcrumbs.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Chip, type ChipTone } from '../ui/chip.tsx'
import { Duration } from '../ui/duration.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { StateIcon, type State } from '../ui/state-icon.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { GitDisagrees } from './git-disagrees.tsx'
import { ReleaseActions } from './release-actions-bar.tsx'
import { standingOf } from './release-state.ts'
import { useRelease } from './use-release.ts'

const tones: Record<State, ChipTone> = { ok: 'ok', run: 'run', wait: 'wait', bad: 'bad', held: 'held', none: 'plain' }

/** Head and tabs of a release, around the tab that is open. */
export function ReleaseFrame({ id, children }: { id: string; children: ReactNode }) {
  const release = useRelease(id)
  const base = `/releases/${encodeURIComponent(id)}`
  if (isGone(release.error)) return <NoRelease />
  // Without it the tabs have nothing to show either, and would say the same once more.
  if (release.isError && !release.data) return <Failed release={release} />
  return (
    <>
      <QueryView query={release} what="the release" loading={<HeadSkeleton />}>
        {(detail) => (
          <>
            <Head release={detail.release} />
            <GitDisagrees release={detail.release} />
          </>
        )}
      </QueryView>
      <Tabs
        label="About this release"
        tabs={[
          { href: base, label: 'Summary' },
          { href: `${base}/history`, label: 'History' },
          { href: `${base}/images`, label: 'Images' },
          { href: `${base}/activity`, label: 'Activity' },
        ]}
      />
      {children}
    </>
  )
}

const isGone = (error: unknown): boolean => error instanceof ApiError && error.status === 404

function NoRelease() {
  return (
    <>
      <PageHead title="No such release" />
      <Card>
        <EmptyState
          icon="environments"
          title="Nothing stands behind this address"
          action={<ButtonLink href="/">To the environments</ButtonLink>}
        >
          It was uninstalled and forgotten, or the address is cut off. What was done to it stands in the audit trail.
        </EmptyState>
      </Card>
    </>
  )
}

function Failed({ release }: { release: ReturnType<typeof useRelease> }) {
  return (
    <QueryView query={release} what="the release" loading={null}>
      {() => null}
    </QueryView>
  )
}

function Head({ release }: { release: Release }) {
  const policies = [
    ...new Set(release.images.filter((image) => image.automated).map((image) => image.policy ?? 'glob:*')),
  ]
  const first = release.images[0]
  return (
    <header>
      <Breadcrumbs
        crumbs={[
          { label: 'Environments', href: '/' },
          { label: release.application, href: `/?q=${encodeURIComponent(release.application)}` },
          { label: release.environment },
        ]}
      />
      <div className="mb-0.5 flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0">{release.name}</h1>
        <StandingChip release={release} />
        {release.automated && policies.length > 0 && (
          <Chip tone="ok">
            <Glyph name="automated" />
            {policies.length === 1 ? policies[0] : `${policies.length} policies`}
          </Chip>
        )}
        {!release.automated && release.images.length > 0 && (
          <Chip>
            <Glyph name="manual" /> manual
          </Chip>
        )}
        {release.mode === 'observe' && (
          <Chip>
            <Glyph name="eye" /> only observed
          </Chip>
        )}
        <ReleaseActions release={release} />
      </div>
      <p className="flex flex-wrap items-center gap-x-3.5 gap-y-1 text-muted max-sm:mt-2.5 max-sm:text-xs">
        {first && release.images.length === 1 && <span className="mono">{first.image}</span>}
        {release.images.length > 1 && <span>{release.images.length} images</span>}
        <span>
          chart {release.chart.name} {release.chart.version} from <span className="mono">{release.chart.source}</span>
        </span>
        <span>namespace {release.targetNamespace}</span>
        <span>cluster {release.cluster}</span>
        {release.revision !== undefined && <span>revision {release.revision}</span>}
      </p>
    </header>
  )
}

function StandingChip({ release }: { release: Release }) {
  const standing = standingOf(release)
  return (
    <Chip tone={tones[standing.state]}>
      <StateIcon state={standing.state} label={null} />
      <span className="truncate" title={standing.detail}>
        {standing.words}
      </span>
      {standing.state === 'run' && <Duration from={standing.since} />}
    </Chip>
  )
}

function HeadSkeleton() {
  return (
    <output aria-label="Loading the release" className="block space-y-3 py-1">
      <Skeleton className="h-3 w-48" />
      <Skeleton className="h-6 w-64" />
      <Skeleton className="h-3 w-96 max-w-full" />
    </output>
  )
}
