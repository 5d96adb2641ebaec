'use client'

import Link from 'next/link'
import { Banner } from '../ui/banner.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { promotionLook } from './promotion-state.ts'
import { TimedText } from './timed-text.tsx'
import { useOpenPromotions } from './use-promotions.ts'

const shown = 2

/** Above the environments: promotions that wait for somebody or are under way. One only looked at is neither. */
export function PromotionBanners() {
  const open = (useOpenPromotions().data?.items ?? []).filter(
    ({ state, applied }) => applied !== undefined && state !== 'planned',
  )
  return (
    <>
      {open.slice(0, shown).map((promotion) => {
        const look = promotionLook(promotion)
        return (
          <Banner
            key={promotion.id}
            state={look.state}
            aside={
              <>
                <RelativeTime at={promotion.createdAt} suffix className="text-xs text-faint" />
                <ButtonLink size="sm" href={`/promotions/${encodeURIComponent(promotion.id)}`}>
                  Open
                  <span className="sr-only">
                    {' '}
                    the promotion of {promotion.application} to {promotion.to}
                  </span>
                </ButtonLink>
              </>
            }
          >
            <span className="line-clamp-2">
              <b className="font-semibold">{promotion.application}</b> to {promotion.to}: {look.words.toLowerCase()}.{' '}
              <span className="text-muted">
                <TimedText text={promotion.reason} />
              </span>
            </span>
          </Banner>
        )
      })}
      {open.length > shown && (
        <p className="mb-2 text-xs text-muted">
          <Link href="/promotions" className="link">
            {open.length - shown} more promotions under way
          </Link>
        </p>
      )}
    </>
  )
}
