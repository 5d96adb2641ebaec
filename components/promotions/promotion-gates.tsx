'use client'

import type { Gate, PromotionDetail } from '#lib/api/promotions.ts'
import { useMe } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { classNames } from '../ui/class-names.ts'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StateIcon, stateText } from '../ui/state-icon.tsx'
import { PromotionChecks } from './promotion-checks.tsx'
import { TimedText } from './timed-text.tsx'
import { overrideOffer, type Decision } from './promotion-actions.ts'
import { gateLooks, gateNames, hasEnded, planChanged, separatedBecause, whoCouldOpen } from './promotion-state.ts'

/** What stands between the plan and the target, each with its evidence, who could open it, and when it is looked at next. */
export function PromotionGates({
  promotion,
  changed,
  onAsk,
}: {
  promotion: PromotionDetail
  changed: boolean
  onAsk: (decision: Decision) => void
}) {
  const open = promotion.gates.filter(({ verdict }) => verdict === 'passed' || verdict === 'overridden').length
  return (
    <Section title="Gates" note={promotion.gates.length > 0 ? `${open} of ${promotion.gates.length} open` : undefined}>
      {promotion.gates.length === 0 ? (
        <p className="px-4 py-3 text-muted">
          {promotion.to} asks for nothing first. Gates are written in <span className="mono">wheelhouse.yaml</span>.
        </p>
      ) : (
        <ul aria-live="polite" className="divide-y divide-line">
          {promotion.gates.map((gate) => (
            <GateRow key={gate.gate} gate={gate} promotion={promotion} changed={changed} onAsk={onAsk} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function GateRow({
  gate,
  promotion,
  changed,
  onAsk,
}: {
  gate: Gate
  promotion: PromotionDetail
  changed: boolean
  onAsk: (decision: Decision) => void
}) {
  const me = useMe().data
  const look = gateLooks[gate.verdict]
  const override = overrideOffer(gate, promotion, me)
  const shut = gate.verdict === 'waiting' || gate.verdict === 'refused'
  const notMe = gate.gate === 'approvals' && shut && me ? separatedBecause(promotion, me.name) : undefined
  return (
    <li className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2.5 px-4 py-2.5">
      <StateIcon state={look.state} label={null} className="mt-[3px] size-3.5" />
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{gateNames[gate.gate]}</span>
          <span className={classNames('text-xs', stateText[look.state])}>{look.words}</span>
          {gate.nextEvaluation !== undefined && !hasEnded(promotion) && (
            <span className="text-xs text-faint">
              looked at again <RelativeTime at={gate.nextEvaluation} suffix />
            </span>
          )}
        </p>
        <p className="text-xs text-muted">
          <TimedText text={gate.evidence} />
        </p>
        {gate.gate === 'checks' && <PromotionChecks checks={promotion.checks} />}
        {shut && !hasEnded(promotion) && (
          <p className="mt-1 text-xs text-faint">
            {whoCouldOpen(gate).join(' ')} {notMe && <b className="font-medium text-wait">{notMe}</b>}
          </p>
        )}
        {shut && override.kind === 'offered' && (
          <Button
            size="sm"
            className="mt-1.5"
            blocked={override.blocked ?? (changed && planChanged)}
            onClick={() => onAsk({ kind: 'override', gate: gate.gate })}
          >
            Override …<span className="sr-only"> {gateNames[gate.gate]}</span>
          </Button>
        )}
      </div>
    </li>
  )
}
