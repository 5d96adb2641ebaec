'use client'

import type { Release } from '#lib/api/release-schemas.ts'
import { useMatrix } from '../environments/use-matrix.ts'
import { useBlocked } from '../session/use-me.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { nextInMatrix } from './next-environment.ts'
import { promotionLook } from './promotion-state.ts'
import { usePromote } from './use-promote.ts'
import { useOpenPromotions } from './use-promotions.ts'

/** Where a release is promoted to; undefined = nowhere, or it is not known yet. */
export function useNextRelease(release: Release): Release | undefined {
  const matrix = useMatrix().data
  const target = matrix && nextInMatrix(matrix, release)
  return release.desired && target?.desired ? target : undefined
}

/** In the head of a release: plans the promotion, or leads to the one under way. */
export function PromoteReleaseButton({ source, target }: { source: Release; target: Release }) {
  const promote = usePromote()
  const to = target.environment
  const blocked = useBlocked('promotions:write', to)
  const open = useOpenPromotions().data?.items.find((one) => one.release === target.id)
  if (open) {
    const look = promotionLook(open)
    return (
      <ButtonLink kind="primary" href={`/promotions/${encodeURIComponent(open.id)}`}>
        <Glyph name="arrow" />
        To {to}: {look.words.toLowerCase()}
      </ButtonLink>
    )
  }
  const { application, environment: from } = source
  return (
    <Button
      kind="primary"
      busy={promote.isPending}
      blocked={blocked}
      onClick={() => promote.mutate({ application, from, to })}
    >
      {!promote.isPending && <Glyph name="arrow" />}
      {promote.isPending ? `Planning for ${to} …` : `Promote to ${to}`}
    </Button>
  )
}
