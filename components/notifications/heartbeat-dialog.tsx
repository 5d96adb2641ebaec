'use client'

import { useId, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input, Select } from '../ui/field.tsx'
import { useSaveHeartbeat } from './use-notifications.ts'

const everyMinutes = [1, 2, 5, 10, 30, 60]

export function HeartbeatDialog({ onClose }: { onClose: () => void }) {
  const [url, setUrl] = useState('')
  const [every, setEvery] = useState(5)
  const form = useId()
  const save = useSaveHeartbeat(onClose)
  const missing = url.trim() === ''
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Heartbeat"
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            type="submit"
            form={form}
            busy={save.isPending}
            blocked={missing && 'The address is needed.'}
          >
            Keep it
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="grid gap-4 px-5 py-4"
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          if (!missing) save.mutate({ url: url.trim(), everyMinutes: every })
        }}
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
      </form>
    </Dialog>
  )
}
