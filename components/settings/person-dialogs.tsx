'use client'

import { useState } from 'react'
import type { ListedPerson, PasswordLink, Roles } from '#lib/api/people.ts'
import { QueryView } from '../live/query-view.tsx'
import { SessionsTable } from '../session/sessions-table.tsx'
import { Button } from '../ui/button.tsx'
import { CommandLine } from '../ui/command-line.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Field, Input } from '../ui/field.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useEndSession } from '../you/use-you.ts'
import { RoleFields } from './role-fields.tsx'
import { useEndSessionsOf, useInvite, useRemovePerson, useSessionsOf, useSetRoles } from './use-people.ts'

/** A link that lets its holder choose a password; shown once. */
export function LinkDialog({ name, made, onClose }: { name: string; made: PasswordLink; onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`A link for ${name}`}
      footer={
        <Button kind="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <div className="grid gap-3 px-5 py-4">
        <p>
          Send it to {name} on a way you trust. Whoever opens it chooses the password and is signed in. It works once,
          until <RelativeTime at={made.expiresAt} suffix />, and is not shown again.
        </p>
        <CommandLine command={made.link} label="Copy the link" />
      </div>
    </Dialog>
  )
}

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [roles, setRoles] = useState<Roles>({ '*': 'viewer' })
  const invite = useInvite()
  const missing = email.trim() === '' || name.trim() === ''
  if (invite.data) return <LinkDialog name={invite.data.person.name} made={invite.data} onClose={onClose} />
  return (
    <FormDialog
      title="Invite a person"
      description="They choose their password by a link, which you send them."
      button="Make the link"
      busy={invite.isPending}
      blocked={missing && 'E-mail and name are needed.'}
      onSend={() => invite.mutate({ email: email.trim(), name: name.trim(), roles })}
      onClose={onClose}
    >
      <Field label="E-mail" hint="What they sign in with.">
        {(parts) => (
          <Input
            {...parts}
            type="email"
            autoComplete="off"
            maxLength={254}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Field label="Name">
        {(parts) => (
          <Input
            {...parts}
            autoComplete="off"
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <RoleFields value={roles} onChange={setRoles} />
    </FormDialog>
  )
}

export function RolesDialog({ person, onClose }: { person: ListedPerson; onClose: () => void }) {
  const [roles, setRoles] = useState<Roles>(person.roles)
  const save = useSetRoles(onClose)
  return (
    <FormDialog
      title={`Roles of ${person.name}`}
      description="They count from the next thing they do."
      button="Change them"
      busy={save.isPending}
      onSend={() => save.mutate({ id: person.id, roles })}
      onClose={onClose}
    >
      <RoleFields value={roles} onChange={setRoles} />
    </FormDialog>
  )
}

export function RemoveDialog({ person, onClose }: { person: ListedPerson; onClose: () => void }) {
  const remove = useRemovePerson(onClose)
  return (
    <FormDialog
      title={`Remove ${person.name}?`}
      button={`Remove ${person.name}`}
      kind="danger"
      busy={remove.isPending}
      onSend={() => remove.mutate(person.id)}
      onClose={onClose}
    >
      <p>
        Their sessions and API tokens end at once; scripts that use a token of theirs stop. The audit trail keeps what
        they did under {person.email}. Disabling keeps the account.
      </p>
    </FormDialog>
  )
}

export function SessionsDialog({ person, onClose }: { person: ListedPerson; onClose: () => void }) {
  const sessions = useSessionsOf(person.id)
  const end = useEndSession()
  const endAll = useEndSessionsOf(person.id)
  const none = sessions.data?.items.length === 0
  return (
    <Dialog
      open
      onOpenChange={onClose}
      width="lg"
      title={`Sessions of ${person.name}`}
      footer={
        <>
          <Button
            kind="danger"
            busy={endAll.isPending}
            blocked={none && 'There is none.'}
            onClick={() => endAll.mutate()}
          >
            End all
          </Button>
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      <QueryView query={sessions} what="the sessions" loading={<SkeletonRows rows={2} label="Loading the sessions" />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="person" title="Signed in nowhere">
              {person.name} has no session. API tokens are listed at API tokens.
            </EmptyState>
          ) : (
            <SessionsTable
              label={`Sessions of ${person.name}`}
              items={items}
              ending={end.isPending ? end.variables : undefined}
              onEnd={(id) => end.mutate(id)}
            />
          )
        }
      </QueryView>
    </Dialog>
  )
}
