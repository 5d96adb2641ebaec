'use client'

import { useState } from 'react'
import type { Connection } from '#lib/api/connection.ts'
import { Field, Input, Select, Textarea } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import {
  bodyOf,
  canKeep,
  draftOf,
  isSsh,
  missingIn,
  type ConnectionDraft,
  type CredentialKind,
} from './connection-draft.ts'
import { useChangeConnection, useRemoveConnection } from './use-connection.ts'

const kinds: Record<CredentialKind, string> = {
  keep: 'the one entered before',
  'github-app': 'GitHub App',
  'github-token': 'GitHub token',
  password: 'user and password',
  none: 'nothing',
}

const firstWords = 'It is only read at first: nothing is written until you let an environment act.'
const changeWords =
  'Another address or branch deletes nothing. Every environment is only observed then, until you let Wheelhouse act again.'

interface Parts {
  draft: ConnectionDraft
  onChange: (part: Partial<ConnectionDraft>) => void
}

/** Connects a repository, or another one in place of the one there is. */
export function ConnectionDialog({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(connection))
  const change = useChangeConnection(onClose)
  const onChange = (part: Partial<ConnectionDraft>) => setDraft((before) => ({ ...before, ...part }))
  const isKept = canKeep(connection, draft.url)
  const kind = draft.kind === 'keep' && !isKept ? 'none' : draft.kind
  const known = { ...draft, kind }
  const isNew = connection.source === 'none'
  return (
    <FormDialog
      title={isNew ? 'Connect a repository' : 'Change the connection'}
      width="md"
      button={isNew ? 'Connect' : 'Change it'}
      busy={change.isPending}
      blocked={missingIn(known) ?? false}
      autoComplete="off"
      onSend={() => change.mutate(bodyOf(known))}
      onClose={onClose}
    >
      <Field label="Address" hint="https://host/path, or git@host:path for SSH. A credential has its own field.">
        {(parts) => (
          <Input
            {...parts}
            className="mono"
            required
            maxLength={2000}
            value={draft.url}
            placeholder="https://github.com/acme/fleet.git"
            onChange={(event) => onChange({ url: event.target.value })}
          />
        )}
      </Field>
      <Field label="Branch">
        {(parts) => (
          <Input
            {...parts}
            className="mono"
            required
            maxLength={250}
            value={draft.branch}
            onChange={(event) => onChange({ branch: event.target.value })}
          />
        )}
      </Field>
      {isSsh(draft.url) ? (
        <p className="text-xs text-muted">Reached by the deploy key of this page: enter it at the Git host first.</p>
      ) : (
        <Credential draft={known} isKept={isKept} onChange={onChange} />
      )}
      <p className="text-xs text-muted">{isNew ? firstWords : changeWords}</p>
    </FormDialog>
  )
}

function Credential({ draft, isKept, onChange }: Parts & { isKept: boolean }) {
  const offered = Object.entries(kinds).filter(([kind]) => kind !== 'keep' || isKept)
  return (
    <>
      <Field label="Signed in by" hint={isKept ? undefined : 'A credential is for one host; another host asks anew.'}>
        {(parts) => (
          <Select
            {...parts}
            value={draft.kind}
            onChange={(event) => onChange({ kind: event.target.value as CredentialKind, secret: '' })}
          >
            {offered.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {draft.kind === 'password' && (
        <TextField label="User" value={draft.username} onChange={(username) => onChange({ username })} />
      )}
      {draft.kind === 'github-app' && (
        <TextField label="App id" value={draft.appId} onChange={(appId) => onChange({ appId })} />
      )}
      <Secret draft={draft} onChange={onChange} />
    </>
  )
}

function TextField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <Field label={label}>
      {(parts) => (
        <Input
          {...parts}
          className="mono"
          required
          maxLength={300}
          value={value}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

const secretHint = 'Encrypted to the worker at once, and never shown again.'

function Secret({ draft: { kind, secret }, onChange }: Parts) {
  if (kind === 'keep' || kind === 'none') return null
  if (kind === 'github-app')
    return (
      <Field label="Private key" hint={`The PEM file that GitHub made. ${secretHint}`}>
        {(parts) => (
          <Textarea
            {...parts}
            className="mono text-xs"
            required
            rows={4}
            maxLength={20_000}
            value={secret}
            autoComplete="off"
            onChange={(event) => onChange({ secret: event.target.value })}
          />
        )}
      </Field>
    )
  return (
    <Field label={kind === 'password' ? 'Password' : 'Token'} hint={secretHint}>
      {(parts) => (
        <Input
          {...parts}
          type="password"
          required
          value={secret}
          autoComplete="new-password"
          onChange={(event) => onChange({ secret: event.target.value })}
        />
      )}
    </Field>
  )
}

export function DisconnectDialog({ onClose }: { onClose: () => void }) {
  const remove = useRemoveConnection(onClose)
  return (
    <FormDialog
      title="Disconnect the repository?"
      button="Disconnect"
      kind="danger"
      busy={remove.isPending}
      onSend={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        Nothing is followed any more, and the credential is forgotten. What runs in the cluster goes on running; nothing
        is deleted.
      </p>
    </FormDialog>
  )
}
