'use client'

import type { Channel } from '#lib/api/notifications.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useRemoveChannel, useRules } from './use-notifications.ts'

export function RemoveChannelDialog({
  channel: { id, name },
  onClose,
}: {
  channel: Pick<Channel, 'id' | 'name'>
  onClose: () => void
}) {
  const remove = useRemoveChannel(onClose)
  const rules = (useRules().data?.items ?? []).filter(({ channel }) => channel === id).length
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Remove ${name}?`}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="danger" busy={remove.isPending} onClick={() => remove.mutate(id)}>
            Remove it
          </Button>
        </>
      }
    >
      <p className="px-5 py-4">
        {rules === 0 ? 'No rule leads to it.' : `${rules === 1 ? 'One rule goes' : `${rules} rules go`} with it.`} What
        it was told of open incidents is not taken back, and it does not hear when they are over.
      </p>
    </Dialog>
  )
}
