'use client'

import { useId, useState } from 'react'
import type { Webhook } from '#lib/api/webhooks.ts'
import { Button } from '../ui/button.tsx'
import { CommandLine } from '../ui/command-line.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input, Select } from '../ui/field.tsx'
import { useCreateWebhook, useRemoveWebhook, useRotateWebhook } from './use-webhooks.ts'
import { addressWith, kindWords } from './webhook-words.ts'

const kinds = Object.keys(kindWords) as Webhook['kind'][]

export function NewWebhookDialog({ onClose }: { onClose: () => void }) {
  const [kind, setKind] = useState<Webhook['kind']>('github')
  const [name, setName] = useState('')
  const form = useId()
  const create = useCreateWebhook()
  if (create.data) return <SecretDialog {...create.data} onClose={onClose} />
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="New webhook"
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            type="submit"
            form={form}
            busy={create.isPending}
            blocked={name.trim() === '' && 'Name it first.'}
          >
            Make the webhook
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="grid gap-4 px-5 py-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim()) create.mutate({ kind, name: name.trim() })
        }}
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
      </form>
    </Dialog>
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
    <Dialog
      open
      onOpenChange={onClose}
      title={`Rotate the secret of ${webhook.name}?`}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="primary" busy={rotate.isPending} onClick={() => rotate.mutate(minutes)}>
            Make a new secret
          </Button>
        </>
      }
    >
      <div className="px-5 py-4">
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
      </div>
    </Dialog>
  )
}

export function RemoveWebhookDialog({ webhook: { id, name }, onClose }: { webhook: Webhook; onClose: () => void }) {
  const remove = useRemoveWebhook(onClose)
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Remove the webhook ${name}?`}
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
        Its deliveries are forgotten, and what still comes is turned away. What it told of is then found by polling.
      </p>
    </Dialog>
  )
}
