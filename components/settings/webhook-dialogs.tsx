'use client'

import { useState } from 'react'
import type { Webhook } from '#lib/api/webhooks.ts'
import { Button } from '../ui/button.tsx'
import { CommandLine } from '../ui/command-line.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input, Select } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useCreateWebhook, useRemoveWebhook, useRotateWebhook } from './use-webhooks.ts'
import { addressWith, kindWords } from './webhook-words.ts'

const kinds = Object.keys(kindWords) as Webhook['kind'][]

export function NewWebhookDialog({ onClose }: { onClose: () => void }) {
  const [kind, setKind] = useState<Webhook['kind']>('github')
  const [name, setName] = useState('')
  const create = useCreateWebhook()
  if (create.data) return <SecretDialog {...create.data} onClose={onClose} />
  return (
    <FormDialog
      title="New webhook"
      button="Make the webhook"
      busy={create.isPending}
      blocked={name.trim() === '' && 'Name it first.'}
      onSend={() => create.mutate({ kind, name: name.trim() })}
      onClose={onClose}
    >
      <Field label="From" hint={kindWords[kind].effect}>
        {(parts) => (
          <Select {...parts} value={kind} onChange={(event) => setKind(event.target.value as Webhook['kind'])}>
            {kinds.map((one) => (
              <option key={one} value={one}>
                {kindWords[one].label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Name" hint="Which repository or registry it is for.">
        {(parts) => (
          <Input
            {...parts}
            required
            maxLength={100}
            value={name}
            placeholder="acme/fleet"
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}

/** The only time a secret is seen. */
function SecretDialog({ webhook, secret, onClose }: { webhook: Webhook; secret: string; onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Webhook ${webhook.name}`}
      width="md"
      footer={<Button onClick={onClose}>I have entered it</Button>}
    >
      <div className="grid gap-4 px-5 py-4">
        <p>{kindWords[webhook.kind].setup}</p>
        <div className="grid gap-1.5">
          <h3 className="text-xs font-medium text-muted">Address</h3>
          <CommandLine command={addressWith(webhook, secret)} />
        </div>
        {webhook.proof !== 'address' && (
          <div className="grid gap-1.5">
            <h3 className="text-xs font-medium text-muted">Secret</h3>
            <CommandLine command={secret} />
          </div>
        )}
        <p className="text-xs text-muted">The secret is shown once. If it is lost, rotate it.</p>
      </div>
    </Dialog>
  )
}

const overlaps = [
  { minutes: 0, words: 'at once' },
  { minutes: 60, words: 'an hour' },
  { minutes: 1_440, words: 'a day' },
  { minutes: 10_080, words: 'a week' },
]

export function RotateWebhookDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const [minutes, setMinutes] = useState(1_440)
  const rotate = useRotateWebhook(webhook.id)
  if (rotate.data) return <SecretDialog {...rotate.data} onClose={onClose} />
  return (
    <FormDialog
      title={`Rotate the secret of ${webhook.name}?`}
      button="Make a new secret"
      busy={rotate.isPending}
      onSend={() => rotate.mutate(minutes)}
      onClose={onClose}
    >
      <Field label="The one before ends after" hint="Until then both are accepted: time to enter the new one.">
        {(parts) => (
          <Select {...parts} value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
            {overlaps.map((one) => (
              <option key={one.minutes} value={one.minutes}>
                {one.words}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </FormDialog>
  )
}

export function RemoveWebhookDialog({ webhook: { id, name }, onClose }: { webhook: Webhook; onClose: () => void }) {
  const remove = useRemoveWebhook(onClose)
  return (
    <FormDialog
      title={`Remove the webhook ${name}?`}
      button="Remove it"
      kind="danger"
      busy={remove.isPending}
      onSend={() => remove.mutate(id)}
      onClose={onClose}
    >
      <p>
        Its deliveries are forgotten, and what still comes is turned away. What it told of is then found by polling.
      </p>
    </FormDialog>
  )
}
