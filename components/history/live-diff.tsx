'use client'

import type { LiveComparison, LiveObject } from '#lib/api/releases.ts'
import type { DiffLayout } from '../diff/diff-view.tsx'
import { ObjectDiff } from '../diff/object-diff.tsx'
import { UnchangedObjects } from '../diff/unchanged-objects.tsx'
import { QueryView } from '../live/query-view.tsx'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { useLiveComparison } from './use-history.ts'

/** A revision at the left, what the cluster has at the right; looked at when asked, and told when. */
export function LiveDiff({ id, revision, layout }: { id: string; revision: number; layout: DiffLayout }) {
  const compared = useLiveComparison(id, revision)
  return (
    <QueryView query={compared} what="what runs" loading={<SkeletonRows label="Loading what runs" />}>
      {(data) => (
        <>
          <Summary compared={data} busy={compared.isFetching} onAgain={() => void compared.refetch()} />
          {data.objects
            .filter(({ state }) => state !== 'same')
            .map((object) => (
              <LiveObjectDiff key={object.id} object={object} layout={layout} />
            ))}
          <UnchangedObjects objects={data.objects.filter(({ state }) => state === 'same')} />
        </>
      )}
    </QueryView>
  )
}

function Summary({ compared, busy, onAgain }: { compared: LiveComparison; busy: boolean; onAgain: () => void }) {
  const different = compared.objects.filter(({ state }) => state !== 'same').length
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-4 py-2 text-xs text-muted">
      <StateIcon state={different === 0 ? 'ok' : 'wait'} label={null} />
      <h2 className="text-xs font-normal">
        {different === 0
          ? `The cluster has just what revision ${compared.revision} says.`
          : `${different} of ${compared.objects.length} objects differ from revision ${compared.revision}.`}
      </h2>
      <span className="text-faint">
        looked at <RelativeTime at={compared.at} suffix />
      </span>
      <Button size="sm" className="ml-auto" busy={busy} onClick={onAgain}>
        Look again
      </Button>
    </div>
  )
}

const looks: Record<Exclude<LiveObject['state'], 'same'>, { words: string; tone: 'wait' | 'bad' | 'ok' }> = {
  changed: { words: 'changed', tone: 'wait' },
  missing: { words: 'missing in the cluster', tone: 'bad' },
  added: { words: 'not in this revision', tone: 'ok' },
}

function LiveObjectDiff({ object, layout }: { object: LiveObject; layout: DiffLayout }) {
  if (object.state === 'same') return null
  const { words, tone } = looks[object.state]
  return (
    <ObjectDiff object={object} chips={<Chip tone={tone}>{words}</Chip>} layout={layout}>
      {object.fields.length > 0 && (
        <ul aria-label={`Fields of ${object.kind} ${object.name} that differ`} className="mono px-4 pb-2 text-xs">
          {object.fields.map((field) => (
            <li key={field}>{field}</li>
          ))}
        </ul>
      )}
    </ObjectDiff>
  )
}
