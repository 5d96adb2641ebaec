'use client'

import { useState } from 'react'
import type { Channel } from '#lib/api/notifications.ts'
import { channelKinds, secretsOf, type ChannelKind } from '#lib/core/notification/index.ts'
import { Field, Input, Select } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { draftOf, givenBy, missingIn, type ChannelDraft } from './channel-draft.ts'
import { channelWords, secretWords } from './channel-words.ts'
import { EmailFields } from './email-fields.tsx'
import { useSaveChannel } from './use-notifications.ts'

type Change = (change: Partial<ChannelDraft>) => void

/** Sets up a channel, or changes one: what was entered of secrets before stays unless it is entered anew. */
export function ChannelDialog({ channel, onClose }: { channel?: Channel; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(channel))
  const save = useSaveChannel(channel?.id, onClose)
  const kept = channel?.secrets ?? []
  const missing = missingIn(draft, kept)
  const change: Change = (part) => setDraft((before) => ({ ...before, ...part }))
  return (
    <FormDialog
      title={channel ? `Change ${channel.name}` : 'Set up a channel'}
      description={channel && channelWords[draft.kind].name}
      button="Keep it"
      busy={save.isPending}
      blocked={missing}
      autoComplete="off"
      onSend={() => save.mutate(givenBy(draft))}
      onClose={onClose}
    >
      {!channel && (
        <Field label="Kind" hint={channelWords[draft.kind].how}>
          {(parts) => (
            <Select
              {...parts}
              value={draft.kind}
              onChange={(event) => change({ kind: event.target.value as ChannelKind, secrets: {} })}
            >
              {channelKinds.map((kind) => (
                <option key={kind} value={kind}>
                  {channelWords[kind].name}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <Field label="Name" hint="As people call it, such as ops-alerts.">
        {(parts) => (
          <Input
            {...parts}
            required
            maxLength={80}
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        )}
      </Field>
      <KindFields draft={draft} change={change} />
      <SecretFields draft={draft} kept={kept} change={change} />
    </FormDialog>
  )
}

function KindFields({ draft, change }: { draft: ChannelDraft; change: Change }) {
  if (draft.kind === 'email') return <EmailFields draft={draft} change={change} />
  if (draft.kind === 'slack-app')
    return (
      <Field label="Channel" hint="Its id, at the end of the channel's details; invite the bot to it.">
        {(parts) => (
          <Input
            {...parts}
            className="mono"
            maxLength={80}
            placeholder="C024BE91L"
            value={draft.slackChannel}
            onChange={(event) => change({ slackChannel: event.target.value })}
          />
        )}
      </Field>
    )
  if (draft.kind !== 'pagerduty') return null
  return (
    <Field label="Region">
      {(parts) => (
        <Select
          {...parts}
          value={draft.region}
          onChange={(event) => change({ region: event.target.value as ChannelDraft['region'] })}
        >
          <option value="us">United States</option>
          <option value="eu">Europe</option>
        </Select>
      )}
    </Field>
  )
}

function SecretFields({
  draft: { kind, secrets },
  kept,
  change,
}: {
  draft: ChannelDraft
  kept: Channel['secrets']
  change: Change
}) {
  const { needed, optional } = secretsOf[kind]
  return [...needed, ...optional].map((name) => (
    <Field
      key={name}
      label={secretWords[name].label}
      hint={kept.includes(name) ? 'One was entered; left empty, it stays for the same host.' : secretWords[name].hint}
    >
      {(parts) => (
        <Input
          {...parts}
          type="password"
          className="mono"
          maxLength={4000}
          autoComplete="new-password"
          value={secrets[name] ?? ''}
          onChange={(event) => change({ secrets: { ...secrets, [name]: event.target.value } })}
        />
      )}
    </Field>
  ))
}
