'use client'

import dynamic from 'next/dynamic'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import type { Plan, PlannedObject, PromotionDetail } from '#lib/api/promotions.ts'
import { Card } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import type { DiffLayout } from '../diff/diff-view.tsx'
import { ObjectDiff } from '../diff/object-diff.tsx'
import { UnchangedObjects } from '../diff/unchanged-objects.tsx'
import { hasEnded } from './promotion-state.ts'
import { PlanRisks } from './plan-risks.tsx'

const DiffView = dynamic(() => import('../diff/diff-view.tsx').then((module) => module.DiffView), {
  loading: () => <SkeletonRows label="Loading the difference" />,
})

const layouts = ['unified', 'split'] as const

/** What changes: risks on top, then each object against the live cluster, then the files of the repository. */
export function PromotionPlan({ promotion }: { promotion: PromotionDetail }) {
  const [layout, setLayout] = useQueryState('view', parseAsStringLiteral(layouts).withDefault('unified'))
  const { plan } = promotion
  if (!plan) return <NoPlan ended={hasEnded(promotion)} />
  const changed = plan.objects.filter(({ change }) => change !== 'unchanged')
  const unchanged = plan.objects.filter(({ change }) => change === 'unchanged')
  return (
    <section
      aria-label="The plan"
      className="min-w-0 overflow-hidden rounded-md border border-line bg-surface"
      data-plan={plan.digest}
    >
      <header className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-4 py-2">
        <h2>
          {changed.length} {changed.length === 1 ? 'object' : 'objects'} {tenseOf(promotion)} in {promotion.to}
        </h2>
        <span className="text-xs text-faint">
          {unchanged.length} unchanged · chart {plan.chartVersion}
        </span>
        <span className="ml-auto">
          <Segmented
            label="Layout"
            value={layout}
            onChange={(view) => void setLayout(view)}
            options={[
              { value: 'unified', label: <Glyph name="unified" className="size-3" />, name: 'Unified' },
              { value: 'split', label: <Glyph name="split" className="size-3" />, name: 'Side by side' },
            ]}
          />
        </span>
      </header>
      <PlanRisks plan={plan} />
      {changed.map((object) => (
        <PlannedDiff key={object.id} object={object} layout={layout} />
      ))}
      <UnchangedObjects objects={unchanged} />
      <Edits edits={plan.edits} layout={layout} />
    </section>
  )
}

/** What was planned and what has happened are told apart. */
function tenseOf(promotion: PromotionDetail): string {
  if (promotion.state === 'verified') return 'changed'
  return hasEnded(promotion) ? 'planned to change' : 'would change'
}

const changes: Partial<Record<PlannedObject['change'], { words: string; tone: 'ok' | 'bad' | 'held' }>> = {
  created: { words: 'new', tone: 'ok' },
  deleted: { words: 'deleted', tone: 'bad' },
  kept: { words: 'kept in the cluster', tone: 'held' },
}

function PlannedDiff({ object, layout }: { object: PlannedObject; layout: DiffLayout }) {
  const change = changes[object.change]
  const chips = (
    <>
      {change && <Chip tone={change.tone}>{change.words}</Chip>}
      {object.restarts !== undefined && object.restarts > 0 && (
        <Chip tone="wait">
          restarts {object.restarts} {object.restarts === 1 ? 'pod' : 'pods'}
        </Chip>
      )}
    </>
  )
  return (
    <ObjectDiff object={object} chips={chips} layout={layout}>
      {object.notes.length > 0 && (
        <ul className="px-4 pb-2 text-xs text-faint">
          {object.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </ObjectDiff>
  )
}

function Edits({ edits, layout }: { edits: Plan['edits']; layout: DiffLayout }) {
  if (edits.length === 0) return null
  return (
    <section aria-label="In the repository">
      <h3 className="eyebrow px-4 pt-3 pb-1">In the repository</h3>
      {edits.map((edit) => (
        <section key={edit.path} aria-label={edit.path}>
          <h4 className="mono border-b border-line px-4 py-[7px] text-xs text-muted">{edit.path}</h4>
          <DiffView before={edit.before} after={edit.after} layout={layout} label={`Difference of ${edit.path}`} />
        </section>
      ))}
    </section>
  )
}

function NoPlan({ ended }: { ended: boolean }) {
  return (
    <Card>
      <EmptyState icon="eye" title={ended ? 'Its plan is no longer kept' : 'No plan yet'}>
        {ended
          ? 'What became of it stands in the timeline and in the history of the release.'
          : 'It is being rendered against the cluster and appears here by itself.'}
      </EmptyState>
    </Card>
  )
}
