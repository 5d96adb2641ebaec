'use client'

import { useState } from 'react'
import type { automateRelease, retryRelease } from '#lib/api/release-commands.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import { useCommand } from '../commands/use-command.ts'
import { Field, Input } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'

/** One sentence on what happens, a message for the commit where there is one, one button. */
export function ConfirmDialog({
  title,
  what,
  button,
  commits,
  release,
  endpoint,
  onClose,
}: {
  title: string
  what: string
  button: string
  commits: boolean
  release: Release
  endpoint: typeof automateRelease | typeof retryRelease
  onClose: () => void
}) {
  const [message, setMessage] = useState('')
  const command = useCommand(endpoint, { onDone: onClose })
  const send = () =>
    command.mutate({ params: { id: release.id }, body: message.trim() ? { message: message.trim() } : {} })
  return (
    <FormDialog
      title={title}
      description={`${release.environment} · ${release.path}:${release.line}`}
      button={button}
      busy={command.isPending}
      onSend={send}
      onClose={onClose}
    >
      <p>{what}</p>
      {commits && (
        <Field label="Why (goes into the commit and the audit)" hint="May stay empty.">
          {(parts) => (
            <Input {...parts} value={message} maxLength={500} onChange={(event) => setMessage(event.target.value)} />
          )}
        </Field>
      )}
    </FormDialog>
  )
}
