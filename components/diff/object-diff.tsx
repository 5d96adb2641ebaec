'use client'

import dynamic from 'next/dynamic'
import type { ReactNode } from 'react'
import { Chip } from '../ui/chip.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import type { DiffLayout } from './diff-view.tsx'

const DiffView = dynamic(() => import('./diff-view.tsx').then((module) => module.DiffView), {
  loading: () => <SkeletonRows rows={2} label="Loading the difference" />,
})

export interface ComparedObject {
  id: string
  kind: string
  namespace?: string
  name: string
  before: string
  after: string
  /** Words of the API server. */
  fails?: string
}

/** One object before and after: what it is, what is special about it, its difference. */
export function ObjectDiff({
  object,
  chips,
  layout,
  children,
}: {
  object: ComparedObject
  chips?: ReactNode
  layout: DiffLayout
  /** Between the heading and the difference. */
  children?: ReactNode
}) {
  return (
    <section aria-label={`${object.kind} ${object.name}`} className="border-b border-line">
      <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 px-4 py-[7px] text-xs font-normal text-muted">
        {object.kind} <b className="font-semibold text-fg">{object.name}</b>
        {object.namespace && <span className="text-faint">in {object.namespace}</span>}
        {chips}
        {object.kind === 'Secret' && <Chip tone="held">values masked</Chip>}
      </h3>
      {object.fails && <p className="px-4 pb-2 text-xs text-bad">The API server refuses it: {object.fails}</p>}
      {children}
      {object.before !== object.after && (
        <div className="border-t border-line">
          <DiffView
            before={object.before}
            after={object.after}
            layout={layout}
            label={`Difference of ${object.kind} ${object.name}`}
          />
        </div>
      )}
    </section>
  )
}
