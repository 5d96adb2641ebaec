'use client'

import Link from 'next/link'
import type { Promotion } from '#lib/api/promotions.ts'
import { classNames } from '../ui/class-names.ts'
import { Duration } from '../ui/duration.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StateIcon, stateText } from '../ui/state-icon.tsx'
import { hasEnded, promotionLook } from './promotion-state.ts'
import { TimedText } from './timed-text.tsx'

/** One promotion: what goes where, how it stands and why, who asked, how long ago. The whole row is the link. */
export function PromotionRow({ promotion }: { promotion: Promotion }) {
  const look = promotionLook(promotion)
  const tags = promotion.images.map(({ tag }) => tag).join(', ')
  return (
    <li>
      <Link
        href={`/promotions/${encodeURIComponent(promotion.id)}`}
        className="grid grid-cols-[14px_minmax(0,1fr)_auto] items-start gap-x-3 px-4 py-[11px] hover:bg-sunken focus-visible:-outline-offset-2 md:grid-cols-[14px_minmax(0,5fr)_minmax(0,6fr)_72px]"
      >
        <StateIcon state={look.state} label={null} className="mt-[3px] size-3.5" />
        <span className="min-w-0">
          <span className="flex flex-wrap items-baseline gap-x-2">
            <b className="font-semibold">{promotion.application}</b>
            <Way from={promotion.from} to={promotion.to} />
          </span>
          <span className="mono mt-0.5 block truncate text-xs text-faint" title={tags}>
            {tags || 'no image: chart or values'}
          </span>
        </span>
        <span className="min-w-0 max-md:col-start-2 max-md:row-start-2 max-md:mt-1">
          <span className={classNames('font-medium', stateText[look.state])}>{look.words}</span>
          {!hasEnded(promotion) && promotion.requester && (
            <span className="text-faint"> · asked by {promotion.requester.name}</span>
          )}
          {hasEnded(promotion) && (
            <span className="text-faint">
              {' '}
              · took <Duration from={promotion.createdAt} to={promotion.endedAt} />
              {promotion.requester && ` · by ${promotion.requester.name}`}
            </span>
          )}
          <span className="mt-0.5 line-clamp-2 text-xs text-muted md:line-clamp-1">
            <TimedText text={promotion.reason} />
          </span>
        </span>
        <RelativeTime
          at={promotion.createdAt}
          className="text-right text-xs whitespace-nowrap text-faint max-md:col-start-3 max-md:row-start-1"
        />
      </Link>
    </li>
  )
}

/** `dev → stg` */
export function Way({ from, to }: { from?: string; to: string }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-muted">
      {from ?? 'Git'} <Glyph name="arrow" className="size-3" /> <span className="sr-only">to</span>{' '}
      <span className="text-fg">{to}</span>
    </span>
  )
}
