'use client'

import { Field, Input, Select, Textarea } from '../ui/field.tsx'
import type { ChannelDraft } from './channel-draft.ts'

const ways: Record<ChannelDraft['tls'], string> = {
  starttls: 'STARTTLS, required',
  implicit: 'TLS from the start',
  none: 'none',
}

export function EmailFields({
  draft,
  change,
}: {
  draft: ChannelDraft
  change: (change: Partial<ChannelDraft>) => void
}) {
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_90px] gap-3">
        <Text
          label="Mail server"
          placeholder="smtp.example.com"
          value={draft.host}
          onText={(host) => change({ host })}
        />
        <Text label="Port" value={draft.port} onText={(port) => change({ port })} />
      </div>
      <Field label="Encryption">
        {(parts) => (
          <Select
            {...parts}
            value={draft.tls}
            onChange={(event) => change({ tls: event.target.value as ChannelDraft['tls'] })}
          >
            {Object.entries(ways).map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Text label="From" placeholder="wheelhouse@example.com" value={draft.from} onText={(from) => change({ from })} />
      <Field label="To" hint="Parted by commas.">
        {(parts) => (
          <Textarea {...parts} rows={2} value={draft.to} onChange={(event) => change({ to: event.target.value })} />
        )}
      </Field>
      <Text label="User" value={draft.username} onText={(username) => change({ username })} />
    </>
  )
}

function Text({
  label,
  value,
  placeholder,
  onText,
}: {
  label: string
  value: string
  placeholder?: string
  onText: (text: string) => void
}) {
  return (
    <Field label={label}>
      {(parts) => (
        <Input
          {...parts}
          autoComplete="off"
          maxLength={300}
          value={value}
          placeholder={placeholder}
          onChange={(event) => onText(event.target.value)}
        />
      )}
    </Field>
  )
}
