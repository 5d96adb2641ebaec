'use client'

import { useState } from 'react'
import type { automateRelease, retryRelease } from '#lib/api/release-commands.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import { useCommand } from '../commands/use-command.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input } from '../ui/field.tsx'

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
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      description={`${release.environment} · ${release.path}:${release.line}`}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="primary" busy={command.isPending} onClick={send}>
            {button}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-4 px-5 py-4"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <p>{what}</p>
        {commits && (
          <Field label="Why (goes into the commit and the audit)" hint="May stay empty.">
            {(parts) => (
              <Input {...parts} value={message} maxLength={500} onChange={(event) => setMessage(event.target.value)} />
            )}
          </Field>
        )}
      </form>
    </Dialog>
  )
}
