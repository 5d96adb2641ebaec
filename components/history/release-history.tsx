'use client'

import { createParser, parseAsInteger, useQueryStates } from 'nuqs'
import type { Revision } from '#lib/api/release-schemas.ts'
import { QueryView } from '../live/query-view.tsx'
import { shortName } from '../session/short-name.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon, type State } from '../ui/state-icon.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { RevisionDiff, type RightSide } from './revision-diff.tsx'
import { useRevisions } from './use-history.ts'
import { whyOfRevision } from './why-of-revision.ts'

const states: Record<Revision['status'], State> = {
  deployed: 'ok',
  superseded: 'ok',
  failed: 'bad',
  uninstalled: 'none',
  uninstalling: 'run',
  'pending-install': 'run',
  'pending-upgrade': 'run',
  'pending-rollback': 'run',
  unknown: 'none',
}

const parseAsSide = createParser<RightSide>({
  parse: (text) => (text === 'live' ? text : parseAsInteger.parse(text)),
  serialize: String,
})

/** Revisions at the left, the difference of two of them at the right. The pair stands in the address. */
export function ReleaseHistory({ id }: { id: string }) {
  const revisions = useRevisions(id)
  const [pair, setPair] = useQueryStates({ from: parseAsInteger, to: parseAsSide }, { history: 'replace' })
  return (
    <QueryView
      query={revisions}
      what="the history"
      loading={
        <Card>
          <SkeletonRows label="Loading the history" />
        </Card>
      }
    >
      {(items) => {
        const to = pair.to ?? items[0]?.revision
        const from = pair.from ?? before(items, to)
        if (items.length === 0) return <NoRevisions />
        return (
          <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-[18px] xl:grid-cols-[minmax(0,1.12fr)_minmax(0,1fr)]">
            <Card>
              <RevisionTable
                items={items}
                selected={[from, to]}
                onSelect={(revision) => void setPair(to === 'live' ? { from: revision } : { to: revision, from: null })}
              />
              <LoadMore
                more={revisions.hasNextPage}
                busy={revisions.isFetchingNextPage}
                onMore={() => void revisions.fetchNextPage()}
              />
            </Card>
            {to !== undefined && (
              <RevisionDiff id={id} revisions={items} from={from} to={to} onPair={(next) => void setPair(next)} />
            )}
          </div>
        )
      }}
    </QueryView>
  )
}

/** The revision it replaced: the newest older one. What runs is compared with the newest. */
function before(items: readonly Revision[], to: RightSide | undefined): number | undefined {
  if (to === 'live') return items[0]?.revision
  return to === undefined ? undefined : items.find((item) => item.revision < to)?.revision
}

/** `stefanprodan/podinfo:stg-1` → `stg-1`; several images → how many. */
function versionIn(revision: Revision): string {
  const [image, ...others] = revision.images
  if (!image) return revision.appVersion || '–'
  return others.length > 0 ? `${others.length + 1} images` : (image.image.split(':').at(-1) ?? image.image)
}

function RevisionTable({
  items,
  selected,
  onSelect,
}: {
  items: readonly Revision[]
  selected: readonly (RightSide | undefined)[]
  onSelect: (revision: number) => void
}) {
  return (
    <Table label="Revisions">
      <thead>
        <tr>
          <Th>Rev</Th>
          <Th>Version</Th>
          <Th>Chart</Th>
          <Th className="w-full">Why</Th>
          <Th>By</Th>
          <Th>When</Th>
        </tr>
      </thead>
      <tbody>
        {items.map((item, at) => (
          <Tr
            key={item.revision}
            selected={selected.includes(item.revision)}
            className="cursor-pointer"
            onClick={() => onSelect(item.revision)}
          >
            <Td>
              <button
                type="button"
                aria-label={`Show what revision ${item.revision} changed`}
                className="flex items-center gap-2 rounded-sm"
              >
                <StateIcon state={states[item.status]} label={item.status} />
                <b className="font-semibold">{item.revision}</b>
              </button>
            </Td>
            <Td className="mono">{versionIn(item)}</Td>
            <Td className="mono">{item.chartVersion}</Td>
            <Td
              phone="line"
              className="max-w-0 min-w-36 truncate text-muted"
              title={[item.cause, item.description].filter(Boolean).join('\n')}
            >
              {whyOfRevision(item, items[at + 1])}
            </Td>
            <Td className="max-w-32 truncate" title={item.actor}>
              {item.actor ? shortName(item.actor) : '–'}
            </Td>
            <Td phone="end" className="text-faint">
              <RelativeTime at={item.updatedAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}

function NoRevisions() {
  return (
    <EmptyState icon="commit" title="No revision yet">
      Helm has not installed this release. The first revision appears here as soon as it has.
    </EmptyState>
  )
}
