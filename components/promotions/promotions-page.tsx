'use client'

import { useMemo } from 'react'
import { parseAsString, useQueryState } from 'nuqs'
import type { Promotion } from '#lib/api/promotions.ts'
import { QueryView } from '../live/query-view.tsx'
import { PipelineSection } from '../pipeline/pipeline-section.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Input } from '../ui/field.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { LoosenedGates } from './loosened-gates.tsx'
import { PromotionRow } from './promotion-row.tsx'
import { arrangePromotions, hasEnded, searchPromotions } from './promotion-state.ts'
import { useOpenPromotions, usePromotions } from './use-promotions.ts'

/** What is on its way from one environment to the next, and what was. */
export function PromotionsPage() {
  const open = useOpenPromotions()
  const all = usePromotions()
  const waiting = open.data?.items.filter(({ state }) => state === 'waiting').length ?? 0
  const count = open.data?.items.length ?? 0
  return (
    <>
      <PageHead
        title="Promotions"
        chips={
          open.data && (
            <>
              <Chip tone={count > 0 ? 'run' : 'plain'}>{count > 0 ? `${count} open` : 'none open'}</Chip>
              {waiting > 0 && <Chip tone="wait">{waiting} waiting</Chip>}
            </>
          )
        }
      />
      <LoosenedGates />
      <PipelineSection />
      <QueryView query={all} what="the promotions" loading={<LoadingList />}>
        {(items) => <PromotionList promotions={arrangePromotions(open.data?.items ?? [], items)} />}
      </QueryView>
      <LoadMore more={all.hasNextPage} busy={all.isFetchingNextPage} onMore={() => void all.fetchNextPage()} />
    </>
  )
}

function LoadingList() {
  return (
    <Card>
      <SkeletonRows label="Loading the promotions" />
    </Card>
  )
}

function PromotionList({ promotions }: { promotions: readonly Promotion[] }) {
  const [filter, setFilter] = useQueryState('q', parseAsString.withDefault(''))
  const shown = useMemo(() => searchPromotions(promotions, filter), [promotions, filter])
  if (promotions.length === 0) return <NoPromotions />
  const groups = [
    { title: 'Open', items: shown.filter((one) => !hasEnded(one)) },
    { title: 'Ended', items: shown.filter((one) => hasEnded(one)) },
  ].filter(({ items }) => items.length > 0)
  return (
    <>
      <Input
        type="search"
        data-search
        aria-label="Filter promotions"
        placeholder="Filter by application, environment, tag or state"
        value={filter}
        onChange={(event) => void setFilter(event.target.value || null)}
        className="mb-3 w-full sm:w-80"
      />
      {groups.map(({ title, items }) => (
        <section key={title} aria-label={title} className="mb-4">
          <h2 className="eyebrow mb-1.5 px-1">{title}</h2>
          <Card className="overflow-hidden">
            <ul className="divide-y divide-line">
              {items.map((promotion) => (
                <PromotionRow key={promotion.id} promotion={promotion} />
              ))}
            </ul>
          </Card>
        </section>
      ))}
      {groups.length === 0 && (
        <EmptyState icon="search" title="No promotion fits">
          No application, environment, tag or state holds “{filter}”.
        </EmptyState>
      )}
    </>
  )
}

function NoPromotions() {
  return (
    <Card>
      <EmptyState
        icon="arrow"
        title="Nothing has been promoted yet"
        action={
          <ButtonLink kind="primary" href="/">
            To the environments
          </ButtonLink>
        }
      >
        Use the arrow beside a version under Environments, or “Promote” on a release. A plan is made first and shown
        against the live cluster; nothing changes until you agree to it.
      </EmptyState>
    </Card>
  )
}
