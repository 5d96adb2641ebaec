'use client'

import { useState } from 'react'
import { lockRelease } from '#lib/api/release-commands.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import { useCommand } from '../commands/use-command.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { UntilField, WhyField } from './hold-fields.tsx'

/** Holds a release with a reason. */
export function LockDialog({ release, onClose }: { release: Release; onClose: () => void }) {
  const [message, setMessage] = useState('')
  const [until, setUntil] = useState('')
  const command = useCommand(lockRelease, { onDone: onClose })
  const why = message.trim()
  const send = () => {
    if (why === '') return
    const body = { message: why, ...(until ? { until: new Date(until).toISOString() } : {}) }
    command.mutate({ params: { id: release.id }, body })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Hold ${release.name}`}
      description={`${release.environment} · ${release.path}:${release.line}`}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="primary" busy={command.isPending} blocked={why === '' && 'Say why first.'} onClick={send}>
            Hold
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
        <p>
          It stays as it is until somebody lifts the hold: automation, manual releases and chart changes wait. A commit
          to this very document still counts, and so does repair of what is held.
        </p>
        <WhyField
          hint="The next person reads this."
          placeholder="Waiting for the fix of the payment provider"
          value={message}
          onChange={setMessage}
        />
        <UntilField label="Until" value={until} onChange={setUntil} />
      </form>
    </Dialog>
  )
}
