'use client'

import { useState } from 'react'
import { ApiError } from '#lib/api/client.ts'
import type { PromotionDetail } from '#lib/api/promotions.ts'
import { QueryView } from '../live/query-view.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { Banner } from '../ui/banner.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Skeleton, SkeletonRows } from '../ui/skeleton.tsx'
import { DecideDialog } from './decide-dialog.tsx'
import type { Decision } from './promotion-actions.ts'
import { PromotionGates } from './promotion-gates.tsx'
import { PromotionHead } from './promotion-head.tsx'
import { PromotionImages, PromotionWay } from './promotion-how.tsx'
import { MergedSource, MergePlan } from './promotion-merge.tsx'
import { PromotionPlan } from './promotion-plan.tsx'
import { isUnwritten } from './promotion-state.ts'
import { PromotionApprovals, PromotionTimeline } from './promotion-timeline.tsx'
import { useDecisions, usePromotion } from './use-promotions.ts'

/** One promotion: what stands before it beside what it changes. It is looked at here, agreed to, and watched. */
export function PromotionPage({ id }: { id: string }) {
  const promotion = usePromotion(id)
  if (promotion.error instanceof ApiError && promotion.error.status === 404) return <NoPromotion />
  return (
    <QueryView query={promotion} what="the promotion" loading={<LoadingPromotion />}>
      {(detail) => <Promotion key={detail.id} promotion={detail} />}
    </QueryView>
  )
}

function Promotion({ promotion }: { promotion: PromotionDetail }) {
  // The plan that was looked at, which alone is agreed to; a newer one is shown, and first to be looked at itself.
  const [seen, see] = useState(promotion.planDigest)
  const [asked, ask] = useState<Decision>()
  const [why, sayWhy] = useState('')
  const decisions = useDecisions(promotion.id)
  const apply = () => decisions.apply({ planDigest: seen, message: why.trim() || undefined })
  const atSource = promotion.merge?.built ? undefined : promotion.merge
  const changed = isUnwritten(promotion.state) && seen !== promotion.planDigest
  return (
    <>
      <PromotionHead
        promotion={promotion}
        changed={changed}
        applying={decisions.isPending}
        onApply={apply}
        onAsk={ask}
      />
      {changed && (
        <Banner
          state="wait"
          aside={
            <Button size="sm" onClick={() => see(promotion.planDigest)}>
              I have looked at it
            </Button>
          }
        >
          <b className="font-semibold">The plan has changed since you opened it.</b>{' '}
          <span className="text-muted">
            Below is the new one, <span className="mono">{promotion.planDigest.slice(0, 8)}</span>; it was{' '}
            <span className="mono">{seen.slice(0, 8)}</span>. Approvals of the old one do not count.
          </span>
        </Banner>
      )}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,300px)_minmax(0,1fr)] lg:grid-rows-[auto_1fr] xl:grid-cols-[minmax(0,340px)_minmax(0,1fr)]">
        <PromotionGates promotion={promotion} changed={changed} onAsk={ask} />
        <div className="min-w-0 lg:col-start-2 lg:row-span-2 lg:row-start-1">
          {atSource ? <MergePlan promotion={promotion} merge={atSource} /> : <PromotionPlan promotion={promotion} />}
        </div>
        <div className="grid min-w-0 gap-4">
          <PromotionImages promotion={promotion} />
          {promotion.merge?.built && <MergedSource promotion={promotion} merge={promotion.merge} />}
          <PromotionWay promotion={promotion} why={why} onWhy={sayWhy} />
          <PromotionApprovals promotion={promotion} />
          <PromotionTimeline promotion={promotion} />
        </div>
      </div>
      {asked && (
        <DecideDialog promotion={promotion} decision={asked} planDigest={seen} onClose={() => ask(undefined)} />
      )}
    </>
  )
}

function NoPromotion() {
  return (
    <>
      <PageHead title="No such promotion" />
      <Card>
        <EmptyState
          icon="arrow"
          title="Nothing stands behind this address"
          action={<ButtonLink href="/promotions">To the promotions</ButtonLink>}
        >
          The address is cut off, or the promotion was never planned. If it is being planned just now, it appears in the
          list.
        </EmptyState>
      </Card>
    </>
  )
}

function LoadingPromotion() {
  return (
    <output aria-label="Loading the promotion" className="block">
      <span className="mb-5 block space-y-3 py-1">
        <Skeleton className="h-3 w-48" />
        <Skeleton className="h-6 w-64" />
        <Skeleton className="h-3 w-96 max-w-full" />
      </span>
      <span className="grid gap-4 lg:grid-cols-[300px_minmax(0,1fr)]">
        <Card>
          <SkeletonRows rows={4} label="Loading the gates" />
        </Card>
        <Card>
          <SkeletonRows rows={8} label="Loading the plan" />
        </Card>
      </span>
    </output>
  )
}
