'use client'

import { parseAsStringLiteral, useQueryState } from 'nuqs'
import dynamic from 'next/dynamic'
import { useMemo, useState } from 'react'
import type { Matrix } from '#lib/api/environments.ts'
import { QueryView } from '../live/query-view.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { Chip } from '../ui/chip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Input } from '../ui/field.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { StateIcon, stateWords, type State } from '../ui/state-icon.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { bulkWays } from '../promotions/bulk-ways.ts'
import { ChangedLately } from './changed-lately.tsx'
import { EnvironmentMatrix } from './environment-matrix.tsx'
import { ApartApplications } from './apart-applications.tsx'
import { apartRows, arrangeRows, countStates, releasesOf } from './matrix-rows.ts'
import { OpenBanners } from './open-banners.tsx'
import { useMatrix } from './use-matrix.ts'

const PromoteManyDialog = dynamic(() =>
  import('../promotions/promote-many-dialog.tsx').then((module) => module.PromoteManyDialog),
)

const orders = ['worst', 'name'] as const

export function EnvironmentsPage() {
  const matrix = useMatrix()
  return (
    <>
      <PageHead title="Environments" chips={matrix.data && <Counts matrix={matrix.data} />} />
      <OpenBanners matrix={matrix.data} />
      <QueryView query={matrix} what="the environments" loading={<MatrixSkeleton />}>
        {(data) => (releasesOf(data).length === 0 ? <NoReleases /> : <Applications matrix={data} />)}
      </QueryView>
      <ChangedLately matrix={matrix.data} />
    </>
  )
}

function Counts({ matrix }: { matrix: Matrix }) {
  const releases = releasesOf(matrix)
  const counts = countStates(releases)
  const applications = new Set(releases.map((release) => release.application)).size
  return (
    <>
      <Chip>
        {applications} {applications === 1 ? 'application' : 'applications'}
      </Chip>
      {counts.bad > 0 && <Chip tone="bad">{counts.bad} failing</Chip>}
      {counts.wait > 0 && (
        <Chip tone="wait">
          {counts.wait} {counts.wait === 1 ? 'problem' : 'problems'}
        </Chip>
      )}
      {counts.run > 0 && <Chip tone="run">{counts.run} in progress</Chip>}
      {counts.held > 0 && <Chip tone="held">{counts.held} held</Chip>}
    </>
  )
}

function Applications({ matrix }: { matrix: Matrix }) {
  const [filter, setFilter] = useQueryState('q', { defaultValue: '' })
  const [order, setOrder] = useQueryState('sort', parseAsStringLiteral(orders).withDefault('worst'))
  const rows = useMemo(() => arrangeRows(matrix.rows, filter, order), [matrix.rows, filter, order])
  const apart = useMemo(() => arrangeRows(apartRows(matrix), filter, order), [matrix, filter, order])
  const many = useMemo(() => bulkWays(matrix).filter(({ applications }) => applications.length > 1), [matrix])
  const [promoting, setPromoting] = useState(false)
  return (
    <>
      <div className="mt-4 mb-3 flex flex-wrap items-center gap-3">
        <Input
          type="search"
          data-search
          aria-label="Filter applications"
          placeholder="Filter by name, version or state"
          value={filter}
          onChange={(event) => void setFilter(event.target.value || null)}
          className="w-full sm:w-72"
        />
        <Segmented
          label="Order"
          value={order}
          onChange={(next) => void setOrder(next)}
          options={[
            { value: 'worst', label: 'Worst first' },
            { value: 'name', label: 'By name' },
          ]}
        />
        {many.length > 0 && (
          <Button className="ml-auto" onClick={() => setPromoting(true)}>
            <Glyph name="arrow" /> Promote several
          </Button>
        )}
        {promoting && <PromoteManyDialog matrix={matrix} onClose={() => setPromoting(false)} />}
      </div>
      {rows.length > 0 && <EnvironmentMatrix matrix={matrix} rows={rows} />}
      {rows.length + apart.length === 0 && (
        <EmptyState icon="search" title="No application fits">
          No name, version or state holds “{filter}”.
        </EmptyState>
      )}
      <ApartApplications rows={apart} />
      <Legend />
    </>
  )
}

const legend: readonly State[] = ['ok', 'run', 'wait', 'bad', 'held']

function Legend() {
  return (
    <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-1.5 text-xs text-faint">
      {legend.map((state) => (
        <span key={state} className="flex items-center gap-1.5">
          <StateIcon state={state} label={null} /> {stateWords[state]}
        </span>
      ))}
      <span className="ml-auto hidden items-center gap-1.5 sm:flex">
        <Kbd>/</Kbd> filter <Kbd>?</Kbd> keys
      </span>
    </div>
  )
}

function NoReleases() {
  return (
    <EmptyState
      icon="environments"
      title="No releases yet"
      action={
        <ButtonLink kind="primary" href="/repository">
          Look at the repository
        </ButtonLink>
      }
    >
      Releases come from HelmRelease documents under <span className="mono">releases/&lt;environment&gt;/</span> of the
      config repository. Push one, and it appears here.
    </EmptyState>
  )
}

function MatrixSkeleton() {
  return (
    <output aria-label="Loading the environments" className="mt-16 block">
      {Array.from({ length: 6 }, (_, row) => (
        <span key={row} className="grid h-16 grid-cols-[1fr_1fr] gap-4 border-t border-line px-3.5 py-3 md:grid-cols-4">
          {Array.from({ length: 4 }, (_, cell) => (
            <span key={cell} className={cell > 1 ? 'hidden space-y-2 md:block' : 'block space-y-2'}>
              <Skeleton className="h-3.5 w-28" />
              <Skeleton className="h-3 w-20" />
            </span>
          ))}
        </span>
      ))}
    </output>
  )
}
