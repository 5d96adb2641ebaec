'use client'

import { useId, useState } from 'react'
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
  const form = useId()
  const invite = useInvite()
  const missing = email.trim() === '' || name.trim() === ''
  if (invite.data) return <LinkDialog name={invite.data.person.name} made={invite.data} onClose={onClose} />
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Invite a person"
      description="They choose their password by a link, which you send them."
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            type="submit"
            form={form}
            busy={invite.isPending}
            blocked={missing && 'E-mail and name are needed.'}
          >
            Make the link
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="grid gap-4 px-5 py-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (!missing) invite.mutate({ email: email.trim(), name: name.trim(), roles })
        }}
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
      </form>
    </Dialog>
  )
}

export function RolesDialog({ person, onClose }: { person: ListedPerson; onClose: () => void }) {
  const [roles, setRoles] = useState<Roles>(person.roles)
  const save = useSetRoles(onClose)
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Roles of ${person.name}`}
      description="They count from the next thing they do."
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="primary" busy={save.isPending} onClick={() => save.mutate({ id: person.id, roles })}>
            Change them
          </Button>
        </>
      }
    >
      <div className="px-5 py-4">
        <RoleFields value={roles} onChange={setRoles} />
      </div>
    </Dialog>
  )
}

export function RemoveDialog({ person, onClose }: { person: ListedPerson; onClose: () => void }) {
  const remove = useRemovePerson(onClose)
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Remove ${person.name}?`}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="danger" busy={remove.isPending} onClick={() => remove.mutate(person.id)}>
            Remove {person.name}
          </Button>
        </>
      }
    >
      <p className="px-5 py-4">
        Their sessions and API tokens end at once; scripts that use a token of theirs stop. The audit trail keeps what
        they did under {person.email}. Disabling keeps the account.
      </p>
    </Dialog>
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
