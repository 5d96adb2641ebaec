import type { PolicyReplay } from '#lib/api/policies.ts'
import { Chip } from '../ui/chip.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'

const shownMoves = 8

/** What the filter would have chosen over the recorded scans, newest first. */
export function PolicyPast({ past }: { past: PolicyReplay }) {
  const { since, moves, matched, unread } = past
  if (since === undefined) return null
  const newest = moves.toReversed().slice(0, shownMoves)
  return (
    <section aria-label="Over time">
      <h3 className="mb-1.5 flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium">Over time</span>
        <span className="text-xs text-faint">
          {moves.length === 1 ? '1 choice' : `${moves.length} choices`} from{' '}
          {matched === 1 ? '1 tag' : `${matched} tags`} over the scans of the last <RelativeTime at={since} />
        </span>
      </h3>
      {unread > 0 && (
        <p className="mb-1.5 text-xs text-muted">
          {unread === 1 ? 'One tag is' : `${unread} tags are`} left out: the filters in force never needed their build
          times.
        </p>
      )}
      {newest.length > 0 && (
        <ol className="divide-y divide-line rounded-sm border border-line bg-surface">
          {newest.map(({ at, from, to, reason, again }) => (
            <li key={`${at}-${to}`} className="flex min-h-8 flex-wrap items-center gap-x-2.5 px-3 py-1">
              <span className="mono flex items-center gap-1.5 font-medium">
                {from !== undefined && (
                  <>
                    <span className="font-normal text-faint">{from}</span>
                    <Glyph name="arrow" className="size-3 text-faint" />
                  </>
                )}
                {to}
              </span>
              {again && <Chip tone="wait">again</Chip>}
              <span className="min-w-0 flex-1 truncate text-muted max-sm:hidden">{reason}</span>
              <RelativeTime at={at} suffix className="ml-auto text-xs text-faint" />
            </li>
          ))}
        </ol>
      )}
      {moves.length > shownMoves && (
        <p className="mt-1.5 text-xs text-faint">And {moves.length - shownMoves} before.</p>
      )}
    </section>
  )
}
