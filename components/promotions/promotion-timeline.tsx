'use client'

import type { PromotionDetail } from '#lib/api/promotions.ts'
import { Section } from '../ui/card.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { absoluteTime, clockTime, duration } from '../ui/time.ts'
import { stepLook } from './promotion-state.ts'
import { TimedText } from './timed-text.tsx'

/** Every state it came through, with the time since it was planned. */
export function PromotionTimeline({ promotion }: { promotion: PromotionDetail }) {
  const { steps } = promotion
  const first = steps[0]?.at ?? promotion.createdAt
  return (
    <Section title="Timeline">
      <ol aria-live="polite" className="px-4 py-1.5">
        {steps.map((step, at) => {
          const look = stepLook(step.state, at === steps.length - 1)
          return (
            <li
              key={`${step.state}-${step.at}`}
              className="grid grid-cols-[16px_minmax(0,1fr)_auto] items-start gap-x-2.5 py-[5px]"
            >
              <StateIcon state={look.state} label={null} className="mt-[3px] size-3.5" />
              <span className="min-w-0">
                {look.words}{' '}
                <span className="block text-xs text-faint">
                  <TimedText text={step.reason} />
                </span>
              </span>
              <time
                dateTime={new Date(step.at).toISOString()}
                title={absoluteTime(step.at)}
                className="mono text-xs whitespace-nowrap text-faint"
                suppressHydrationWarning
              >
                {at === 0 ? clockTime(step.at).slice(0, 8) : `+${duration(step.at - first)}`}
              </time>
            </li>
          )
        })}
      </ol>
    </Section>
  )
}

/** Who said what about which plan; words about an older plan are kept and do not count. */
export function PromotionApprovals({ promotion }: { promotion: PromotionDetail }) {
  if (promotion.approvals.length === 0) return null
  return (
    <Section title="Approvals">
      <ul className="divide-y divide-line">
        {promotion.approvals.map((approval) => (
          <li
            key={`${approval.email}-${approval.at}`}
            className="grid grid-cols-[16px_minmax(0,1fr)_auto] gap-x-2.5 px-4 py-2.5"
          >
            <StateIcon
              state={approval.counts ? (approval.decision === 'approve' ? 'ok' : 'bad') : 'none'}
              label={null}
              className="mt-[3px] size-3.5"
            />
            <span className="min-w-0">
              {approval.name} {approval.decision === 'approve' ? 'approved' : 'rejected'}
              {!approval.counts && <span className="text-wait"> an older plan: does not count</span>}
              {approval.message && <span className="block text-xs text-muted">“{approval.message}”</span>}
            </span>
            <RelativeTime at={approval.at} className="text-xs text-faint" />
          </li>
        ))}
      </ul>
    </Section>
  )
}
