'use client'

import dynamic from 'next/dynamic'
import { parseAsStringLiteral, useQueryStates } from 'nuqs'
import type { Release, Revision } from '#lib/api/release-schemas.ts'
import { QueryView } from '../live/query-view.tsx'
import { canGoBackTo } from '../releases/rollback-targets.ts'
import { useActionBlocks } from '../releases/use-action-blocks.ts'
import { useAsked } from '../releases/use-asked.ts'
import { useRelease } from '../releases/use-release.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/field.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { LiveDiff } from './live-diff.tsx'
import { useDiff, type Compared } from './use-history.ts'

const loading = () => <SkeletonRows label="Loading the difference" />
const DiffView = dynamic(() => import('../diff/diff-view.tsx').then((module) => module.DiffView), { loading })
const ManifestDiff = dynamic(() => import('../diff/manifest-diff.tsx').then((module) => module.ManifestDiff), {
  loading,
})

const whats = ['values', 'manifest'] as const
const layouts = ['unified', 'split'] as const

/** A revision, or what the cluster has now. */
export type RightSide = number | 'live'

/** What changed from one revision to another, values or rendered objects; or how a revision differs from what runs. */
export function RevisionDiff({
  id,
  revisions,
  from,
  to,
  onPair,
}: {
  id: string
  revisions: readonly Revision[]
  from: number | undefined
  to: RightSide
  onPair: (pair: { from: number | null; to: RightSide | null }) => void
}) {
  const [shown, show] = useQueryStates(
    {
      what: parseAsStringLiteral(whats).withDefault('values'),
      view: parseAsStringLiteral(layouts).withDefault('unified'),
    },
    { history: 'replace' },
  )
  return (
    <section
      aria-label="Difference of two revisions"
      className="min-w-0 overflow-hidden rounded-md border border-line bg-surface xl:sticky xl:top-4"
    >
      <header className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-[7px] text-xs">
        <RevisionSelect
          label="From revision"
          revisions={revisions}
          value={from}
          onChange={(next) => onPair({ from: next, to })}
        />
        <Glyph name="arrow" />
        <RevisionSelect
          label="To revision"
          revisions={revisions}
          value={to}
          offersLive
          // What runs is first of all compared with what should run: the newest.
          onChange={(next) => onPair({ from: next === 'live' ? null : (from ?? null), to: next })}
        />
        <span className="ml-auto flex flex-wrap gap-2">
          {to !== 'live' && (
            <Segmented
              label="What to compare"
              value={shown.what}
              onChange={(what) => void show({ what })}
              options={[
                { value: 'values', label: 'values' },
                { value: 'manifest', label: 'manifest' },
              ]}
            />
          )}
          <Segmented
            label="Layout"
            value={shown.view}
            onChange={(view) => void show({ view })}
            options={[
              { value: 'unified', label: <Glyph name="unified" className="size-3" />, name: 'Unified' },
              { value: 'split', label: <Glyph name="split" className="size-3" />, name: 'Side by side' },
            ]}
          />
        </span>
      </header>
      <RollbackRow id={id} revisions={revisions} to={to === 'live' ? from : to} />
      {from === undefined ? (
        <p className="px-4 py-8 text-center text-muted">
          This is the first revision kept; there is none before it to compare with.
        </p>
      ) : to === 'live' ? (
        <LiveDiff id={id} revision={from} layout={shown.view} />
      ) : (
        <Difference id={id} compared={{ from, to, what: shown.what }} layout={shown.view} />
      )}
    </section>
  )
}

function Difference({ id, compared, layout }: { id: string; compared: Compared; layout: (typeof layouts)[number] }) {
  const diff = useDiff(id, compared)
  return (
    <QueryView query={diff} what="the difference" loading={loading()}>
      {(data) => {
        if (data.equal) return <p className="px-4 py-8 text-center text-muted">The {data.what} of both are the same.</p>
        const texts = { before: data.from.text, after: data.to.text, layout }
        return data.what === 'manifest' ? <ManifestDiff {...texts} /> : <DiffView {...texts} />
      }}
    </QueryView>
  )
}

/** The way back to the revision that is looked at, where there is one. */
function RollbackRow({ id, revisions, to }: { id: string; revisions: readonly Revision[]; to: number | undefined }) {
  const release = useRelease(id).data?.release
  const [, ask] = useAsked()
  if (!release || to === undefined || !canGoBackTo(revisions, release.revision).some(({ revision }) => revision === to))
    return null
  return <RollbackButton release={release} to={to} onAsk={() => void ask({ do: 'rollback', revision: to })} />
}

function RollbackButton({ release, to, onAsk }: { release: Release; to: number; onAsk: () => void }) {
  const blocked = useActionBlocks(release)('rollback')
  return (
    <p className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2 text-xs text-muted">
      Revision {to} worked before.
      <Button size="sm" className="ml-auto" blocked={blocked} onClick={onAsk}>
        <Glyph name="undo" /> Roll back to {to}
      </Button>
    </p>
  )
}

function RevisionSelect<Side extends RightSide>({
  label,
  revisions,
  value,
  offersLive = false,
  onChange,
}: {
  label: string
  revisions: readonly Revision[]
  value: Side | undefined
  offersLive?: boolean
  onChange: (side: Side) => void
}) {
  const known = value === 'live' || revisions.some((one) => one.revision === value)
  return (
    <Select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange((event.target.value === 'live' ? 'live' : Number(event.target.value)) as Side)}
      className="h-6 text-xs font-semibold"
    >
      {offersLive && <option value="live">live</option>}
      {value === undefined && <option value="">none</option>}
      {!known && value !== undefined && <option value={value}>{value}</option>}
      {revisions.map((one) => (
        <option key={one.revision} value={one.revision}>
          {one.revision}
        </option>
      ))}
    </Select>
  )
}
