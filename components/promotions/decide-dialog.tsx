'use client'

import { useState } from 'react'
import type { PromotionDetail } from '#lib/api/promotions.ts'
import type { ButtonKind } from '../ui/button.tsx'
import { Field, Textarea } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import type { Decision } from './promotion-actions.ts'
import { gateNames } from './promotion-state.ts'
import { TimedText } from './timed-text.tsx'
import { useDecisions } from './use-promotions.ts'

interface Wording {
  title: string
  what: string
  button: string
  kind: ButtonKind
  /** What the reason is for. */
  why: string
  mustSay: boolean
}

function wordingOf(decision: Decision, { application, to, gates }: PromotionDetail): Wording {
  switch (decision.kind) {
    case 'approve':
      return {
        title: `Approve ${application} for ${to}`,
        what: 'You approve the plan you see, no other: if what would be deployed changes, the promotion is refused.',
        button: 'Approve this plan',
        kind: 'primary',
        why: 'A word for the others',
        mustSay: false,
      }
    case 'reject':
      return {
        title: `Reject ${application} for ${to}`,
        what: 'The promotion ends here; nothing is written. It can be planned again.',
        button: 'Reject',
        kind: 'danger',
        why: 'Why (the one who asked reads this)',
        mustSay: true,
      }
    case 'withdraw':
      return {
        title: `Withdraw the promotion of ${application} to ${to}`,
        what: 'It is taken back, unless it is written to Git already. Its approvals are gone with it.',
        button: 'Withdraw',
        kind: 'danger',
        why: 'Why (goes into the audit)',
        mustSay: false,
      }
    case 'override':
      return {
        title: `Override the gate: ${gateNames[decision.gate]}`,
        what: `${gates.find(({ gate }) => gate === decision.gate)?.evidence ?? ''} Overriding opens it for this very plan. Your name and reason stand in the audit.`,
        button: 'Override the gate',
        kind: 'danger',
        why: 'Why it cannot wait',
        mustSay: true,
      }
  }
}

/** One sentence on what happens, a reason, one button. `planDigest` = the plan that was looked at. */
export function DecideDialog({
  promotion,
  decision,
  planDigest,
  onClose,
}: {
  promotion: PromotionDetail
  decision: Decision
  planDigest: string
  onClose: () => void
}) {
  const [said, setSaid] = useState('')
  const decisions = useDecisions(promotion.id, onClose)
  const wording = wordingOf(decision, promotion)
  const blocked = wording.mustSay && said.trim() === '' ? 'Say why first.' : undefined
  const send = () => {
    const message = said.trim() || undefined
    switch (decision.kind) {
      case 'approve':
      case 'reject':
        return decisions.approve({ planDigest, decision: decision.kind, message })
      case 'withdraw':
        return decisions.withdraw({ message })
      case 'override':
        return decisions.override({ planDigest, gate: decision.gate, message: message ?? '' })
    }
  }
  return (
    <FormDialog
      title={wording.title}
      description={
        <>
          plan <span className="mono">{planDigest.slice(0, 8)}</span>
        </>
      }
      button={wording.button}
      kind={wording.kind}
      busy={decisions.isPending}
      blocked={blocked}
      onSend={send}
      onClose={onClose}
    >
      <p>
        <TimedText text={wording.what} />
      </p>
      <Field label={wording.why} hint={wording.mustSay ? undefined : 'May stay empty.'}>
        {(parts) => (
          <Textarea {...parts} value={said} maxLength={500} onChange={(event) => setSaid(event.target.value)} />
        )}
      </Field>
    </FormDialog>
  )
}
