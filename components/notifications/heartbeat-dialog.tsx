'use client'

import { useState } from 'react'
import { Field, Input, Select } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useSaveHeartbeat } from './use-notifications.ts'

const everyMinutes = [1, 2, 5, 10, 30, 60]

export function HeartbeatDialog({ onClose }: { onClose: () => void }) {
  const [url, setUrl] = useState('')
  const [every, setEvery] = useState(5)
  const save = useSaveHeartbeat(onClose)
  const missing = url.trim() === ''
  return (
    <FormDialog
      title="Heartbeat"
      button="Keep it"
      busy={save.isPending}
      blocked={missing && 'The address is needed.'}
      autoComplete="off"
      onSend={() => save.mutate({ url: url.trim(), everyMinutes: every })}
      onClose={onClose}
    >
      <Field label="Address" hint="Called with GET. Encrypted to the worker at once.">
        {(parts) => (
          <Input
            {...parts}
            type="password"
            className="mono"
            required
            maxLength={4000}
            autoComplete="new-password"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
        )}
      </Field>
      <Field label="Every">
        {(parts) => (
          <Select {...parts} value={every} onChange={(event) => setEvery(Number(event.target.value))}>
            {everyMinutes.map((minutes) => (
              <option key={minutes} value={minutes}>
                {minutes === 1 ? 'minute' : `${minutes} minutes`}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </FormDialog>
  )
}
