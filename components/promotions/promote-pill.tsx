'use client'

import Link from 'next/link'
import type { Release } from '#lib/api/release-schemas.ts'
import { useBlocked } from '../session/use-me.ts'
import { classNames } from '../ui/class-names.ts'
import { Glyph } from '../ui/glyph.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { isBehind } from './next-environment.ts'
import { promotionLook, shortWords } from './promotion-state.ts'
import { TimedText } from './timed-text.tsx'
import { usePromote } from './use-promote.ts'
import { useOpenPromotions } from './use-promotions.ts'

const shape =
  'inline-flex h-6 max-w-full min-w-6 items-center justify-center gap-1 rounded-full border px-[7px] text-2xs font-[550] whitespace-nowrap'

/** Where it stands, and whether there is room for its words. */
const places = {
  cell: {
    shape: 'absolute top-[18px] right-3',
    state: 'sr-only @min-[240px]/cell:not-sr-only',
    words: 'hidden @min-[240px]/cell:inline',
  },
  edge: { shape: '', state: 'truncate', words: '' },
}

/** Between two environments: plans the promotion from one to the other, or leads to the one under way there. */
export function PromotePill({
  source,
  target,
  place = 'cell',
}: {
  source: Release
  target: Release
  place?: keyof typeof places
}) {
  const promote = usePromote()
  const blocked = useBlocked('promotions:write', target.environment)
  const open = useOpenPromotions().data?.items.find(
    (one) => one.release === target.id && one.from === source.environment,
  )
  const { application, environment: from } = source
  const to = target.environment
  if (open) {
    const look = promotionLook(open)
    return (
      <Tooltip content={<TimedText text={open.reason} />}>
        <Link
          href={`/promotions/${encodeURIComponent(open.id)}`}
          className={classNames(
            shape,
            places[place].shape,
            'hover:brightness-105',
            look.state === 'run' ? 'border-run bg-run-wash text-run' : 'border-brass bg-brass-wash text-brass-ink',
          )}
        >
          <StateIcon state={look.state} label={null} className="size-3" />
          <span className={places[place].state}>{shortWords(open)}</span>
          <span className="sr-only">
            : {application} from {from} to {to}
          </span>
        </Link>
      </Tooltip>
    )
  }
  const behind = target.behind === undefined ? isBehind(source, target) : target.behind > 0
  const name = `Promote ${application} from ${from} to ${to}`
  const words = target.behind ? `${target.behind} behind` : 'promote'
  const busy = promote.isPending
  return (
    <Tooltip content={blocked ?? (behind === false ? `${name}: ${to} runs this build already` : name)}>
      <button
        type="button"
        aria-label={busy ? `Planning: ${name}` : target.behind ? `${name}: ${words}` : name}
        aria-busy={busy || undefined}
        aria-disabled={blocked || busy ? true : undefined}
        onClick={() => {
          if (!blocked && !busy) promote.mutate({ application, from, to })
        }}
        className={classNames(
          shape,
          places[place].shape,
          'transition-colors duration-100 aria-disabled:border-line aria-disabled:bg-surface aria-disabled:text-faint',
          behind === true
            ? 'border-brass bg-brass-wash text-brass-ink hover:brightness-105'
            : 'border-line-strong bg-surface text-muted hover:bg-sunken hover:text-fg',
        )}
      >
        {busy ? <StateIcon state="run" label={null} className="size-3" /> : <Glyph name="arrow" className="size-3" />}
        {busy && <span>planning …</span>}
        {!busy && behind === true && <span className={places[place].words}>{words}</span>}
      </button>
    </Tooltip>
  )
}
