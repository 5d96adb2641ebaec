'use client'

import { useState } from 'react'
import type { Alert } from '#lib/api/alerts.ts'
import { Field, Select, Textarea } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { kindWords } from './kind-words.ts'
import { silenceScopes } from './silence-scopes.ts'
import { useSilence } from './use-alerts.ts'

const hourMs = 3_600_000
const lengths = [
  { ms: hourMs, words: 'an hour' },
  { ms: 4 * hourMs, words: 'four hours' },
  { ms: 24 * hourMs, words: 'a day' },
  { ms: 7 * 24 * hourMs, words: 'a week' },
]

export function SilenceDialog({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const scopes = silenceScopes(alert)
  const [scope, setScope] = useState(0)
  const [length, setLength] = useState(hourMs)
  const [reason, setReason] = useState('')
  const silence = useSilence(onClose)
  const missing = reason.trim() === ''
  return (
    <FormDialog
      title="Silence"
      description={`Nobody is told of it; it stays on this page. Whoever was told of “${alert.title}” is still told when it is over.`}
      button="Silence"
      busy={silence.isPending}
      blocked={missing && 'A reason is needed: others will wonder.'}
      onSend={() => silence.mutate({ ...scopes[scope]?.scope, until: Date.now() + length, reason })}
      onClose={onClose}
    >
      <Field label="What">
        {(parts) => (
          <Select {...parts} value={scope} onChange={(event) => setScope(Number(event.target.value))}>
            {scopes.map(({ words }, index) => (
              <option key={words} value={index}>
                {words.replace(alert.kind, kindWords(alert.kind))}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="For">
        {(parts) => (
          <Select {...parts} value={length} onChange={(event) => setLength(Number(event.target.value))}>
            {lengths.map(({ ms, words }) => (
              <option key={ms} value={ms}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Why" hint="Shown to everybody who looks at the alerts.">
        {(parts) => (
          <Textarea
            {...parts}
            required
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
