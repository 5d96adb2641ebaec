'use client'

import { useMemo } from 'react'
import { Chip } from '../ui/chip.tsx'
import { DiffView, type DiffLayout } from './diff-view.tsx'
import { partsOf } from './manifest-parts.ts'

/** Two manifests, object by object; unchanged objects are only counted. */
export function ManifestDiff({ before, after, layout }: { before: string; after: string; layout: DiffLayout }) {
  const parts = useMemo(() => partsOf(before, after), [before, after])
  const changed = parts.filter((part) => part.before !== part.after)
  return (
    <div>
      <p className="border-b border-line px-3 py-[7px] text-xs text-faint">
        {changed.length} {changed.length === 1 ? 'object' : 'objects'} changed, {parts.length - changed.length}{' '}
        unchanged
      </p>
      {changed.map((part) => (
        <section key={`${part.kind}/${part.namespace}/${part.name}`} aria-label={`${part.kind} ${part.name}`}>
          <h2 className="flex items-center gap-2 border-b border-line px-3 py-[7px] text-xs font-normal text-muted">
            {part.kind} <b className="font-semibold text-fg">{part.name}</b>
            {part.before === '' && <Chip tone="ok">new</Chip>}
            {part.after === '' && <Chip tone="bad">removed</Chip>}
            {part.kind === 'Secret' && <Chip tone="held">values masked</Chip>}
          </h2>
          <DiffView
            before={part.before}
            after={part.after}
            layout={layout}
            label={`Difference of ${part.kind} ${part.name}`}
          />
        </section>
      ))}
    </div>
  )
}
