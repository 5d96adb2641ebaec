'use client'

import type { Channel } from '#lib/api/notifications.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
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
    <FormDialog
      title={`Remove ${name}?`}
      button="Remove it"
      kind="danger"
      busy={remove.isPending}
      onSend={() => remove.mutate(id)}
      onClose={onClose}
    >
      <p>
        {rules === 0 ? 'No rule leads to it.' : `${rules === 1 ? 'One rule goes' : `${rules} rules go`} with it.`} What
        it was told of open incidents is not taken back, and it does not hear when they are over.
      </p>
    </FormDialog>
  )
}
