'use client'

import type { PromotionDetail } from '#lib/api/promotions.ts'
import { shortName } from '../session/short-name.ts'
import { useMe } from '../session/use-me.ts'
import { Breadcrumbs } from '../ui/breadcrumbs.tsx'
import { Button, ButtonLink, type ButtonKind } from '../ui/button.tsx'
import { Chip, type ChipTone } from '../ui/chip.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Duration } from '../ui/duration.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StateIcon, type State } from '../ui/state-icon.tsx'
import { decisionOffers, type Decision, type DecisionOffer } from './promotion-actions.ts'
import { hasEnded, planChanged, promotionLook } from './promotion-state.ts'
import { TimedText } from './timed-text.tsx'
import { usePromote } from './use-promote.ts'

const tones: Record<State, ChipTone> = { ok: 'ok', run: 'run', wait: 'wait', bad: 'bad', held: 'held', none: 'plain' }

interface ActionsProps {
  promotion: PromotionDetail
  /** Another plan than the one looked at stands now. */
  changed: boolean
  applying: boolean
  onApply: () => void
  onAsk: (decision: Decision) => void
}

export function PromotionHead({ promotion, changed, applying, onApply, onAsk }: ActionsProps) {
  const look = promotionLook(promotion)
  return (
    <header className="mb-4">
      <Breadcrumbs
        crumbs={[
          { label: 'Promotions', href: '/promotions' },
          { label: promotion.application, href: `/promotions?q=${encodeURIComponent(promotion.application)}` },
          { label: `${promotion.from ?? 'Git'} → ${promotion.to}` },
        ]}
      />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0">
          {promotion.application} <span className="text-muted">to</span> {promotion.to}
        </h1>
        <Chip tone={tones[look.state]}>
          <StateIcon state={look.state} label={null} />
          {look.words}
          {look.state === 'run' && <Duration from={promotion.steps.at(-1)?.at ?? promotion.createdAt} />}
        </Chip>
        <Actions promotion={promotion} changed={changed} applying={applying} onApply={onApply} onAsk={onAsk} />
      </div>
      <p aria-live="polite" className="mt-1.5 text-muted">
        <TimedText text={promotion.reason} />
      </p>
      <p className="mt-1 flex flex-wrap items-center gap-x-3.5 gap-y-1 text-xs text-faint">
        {promotion.requester && <span>asked by {promotion.requester.name}</span>}
        <span>
          <RelativeTime at={promotion.createdAt} suffix />
        </span>
        {promotion.applied && (
          <span>
            agreed to by {shortName(promotion.applied.by)} <RelativeTime at={promotion.applied.at} suffix />
          </span>
        )}
        {promotion.endedAt !== undefined && (
          <span>
            took <Duration from={promotion.createdAt} to={promotion.endedAt} />
          </span>
        )}
        {promotion.authors.length > 0 && <span>by {promotion.authors.map(({ name }) => name).join(', ')}</span>}
        {promotion.message && <span className="text-muted">“{promotion.message}”</span>}
        <span className="inline-flex items-center gap-1">
          plan <span className="mono">{promotion.planDigest.slice(0, 8)}</span>
          <CopyButton text={promotion.planDigest} label="Copy the digest of the plan" />
        </span>
      </p>
    </header>
  )
}

function kindOf({ kind, blocked }: DecisionOffer, offers: readonly DecisionOffer[]): ButtonKind {
  if (kind === 'withdraw') return 'quiet'
  const pressing = offers.findLast((offer) => !offer.blocked && (offer.kind === 'apply' || offer.kind === 'approve'))
  return pressing?.kind === kind && !blocked ? 'primary' : 'plain'
}

function Actions({ promotion, changed, applying, onApply, onAsk }: ActionsProps) {
  const me = useMe()
  const offers = decisionOffers(promotion, me.data)
  const stale = changed ? planChanged : undefined
  return (
    <div className="ml-auto flex flex-wrap items-center gap-2 max-sm:w-full">
      {offers.map((offer) => (
        <Button
          key={offer.kind}
          kind={kindOf(offer, offers)}
          blocked={offer.blocked ?? (offer.kind === 'withdraw' ? undefined : stale)}
          busy={offer.kind === 'apply' && applying}
          onClick={() => (offer.kind === 'apply' ? onApply() : onAsk({ kind: offer.kind }))}
          className={kindOf(offer, offers) === 'primary' ? 'max-sm:order-first' : undefined}
        >
          {offer.kind === 'apply' && <Glyph name="arrow" />}
          {offer.kind === 'approve' && <Glyph name="check" />}
          {offer.words}
        </Button>
      ))}
      {hasEnded(promotion) && <AfterEnd promotion={promotion} />}
    </div>
  )
}

function AfterEnd({ promotion }: { promotion: PromotionDetail }) {
  const promote = usePromote()
  const { application, from, to, state } = promotion
  return (
    <>
      {state !== 'verified' && from && (
        <Button busy={promote.isPending} onClick={() => promote.mutate({ application, from, to })}>
          {promote.isPending ? 'Planning …' : 'Promote again'}
        </Button>
      )}
      <ButtonLink href={`/releases/${encodeURIComponent(promotion.release)}`}>Open the release</ButtonLink>
    </>
  )
}
