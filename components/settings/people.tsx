'use client'

import { useState } from 'react'
import type { ListedPerson, PasswordLink } from '#lib/api/people.ts'
import { QueryView } from '../live/query-view.tsx'
import { RoleChips } from '../session/role-chips.tsx'
import { useBlocked, useMe } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { InviteDialog, LinkDialog, RemoveDialog, RolesDialog, SessionsDialog } from './person-dialogs.tsx'
import { PersonActions, type PersonAction } from './person-actions.tsx'
import { usePeople } from './use-people.ts'

/** What stands open over the list. */
type Open =
  | { kind: 'nothing' }
  | { kind: 'invite' }
  | { kind: Extract<PersonAction, 'roles' | 'sessions' | 'remove'>; person: ListedPerson }
  | { kind: 'link'; person: ListedPerson; made: PasswordLink }

/** Who may do what, where; and who may come in at all. */
export function People() {
  const people = usePeople()
  const blocked = useBlocked('people:write')
  const [open, setOpen] = useState<Open>({ kind: 'nothing' })
  const close = () => setOpen({ kind: 'nothing' })
  return (
    <Section
      title="People"
      note="changes count at once"
      aside={
        <Button kind="primary" size="sm" blocked={blocked} onClick={() => setOpen({ kind: 'invite' })}>
          <Glyph name="person" /> Invite
        </Button>
      }
    >
      <QueryView query={people} what="the people" loading={<SkeletonRows rows={3} label="Loading the people" />}>
        {({ items }) => <PeopleTable items={items} blocked={blocked} onOpen={setOpen} />}
      </QueryView>
      <OpenDialog open={open} onClose={close} />
    </Section>
  )
}

function OpenDialog({ open, onClose }: { open: Open; onClose: () => void }) {
  switch (open.kind) {
    case 'nothing':
      return null
    case 'invite':
      return <InviteDialog onClose={onClose} />
    case 'roles':
      return <RolesDialog person={open.person} onClose={onClose} />
    case 'sessions':
      return <SessionsDialog person={open.person} onClose={onClose} />
    case 'remove':
      return <RemoveDialog person={open.person} onClose={onClose} />
    case 'link':
      return <LinkDialog name={open.person.name} made={open.made} onClose={onClose} />
  }
}

function PeopleTable({
  items,
  blocked,
  onOpen,
}: {
  items: readonly ListedPerson[]
  blocked: string | undefined
  onOpen: (open: Open) => void
}) {
  const me = useMe().data
  return (
    <Table label="List of people">
      <thead>
        <tr>
          <Th>Name</Th>
          <Th>E-mail</Th>
          <Th className="w-full">Roles</Th>
          <Th>Last seen</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {items.map((person) => (
          <Tr key={person.id}>
            <Td className="font-medium">
              {person.name}
              {person.id === me?.id && <span className="font-normal text-faint"> (you)</span>}
            </Td>
            <Td className="text-muted">{person.email}</Td>
            <Td phone="line">
              <span className="flex flex-wrap items-center gap-1.5">
                <RoleChips roles={person.roles} />
                <Origin person={person} />
                {person.disabledAt !== undefined && <Chip tone="bad">disabled</Chip>}
              </span>
            </Td>
            <Td className="text-faint">
              <LastSeen person={person} />
            </Td>
            <Td phone="end">
              <PersonActions
                person={person}
                last={isLastAdmin(items, person)}
                blocked={blocked}
                onOpen={(kind) => onOpen({ kind, person })}
                onLink={(made) => onOpen({ kind: 'link', person, made })}
              />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}

/** Where the roles come from, if not from an administrator; and the teams a provider named. */
function Origin({ person: { rolesFrom, teams } }: { person: ListedPerson }) {
  const named = teams && teams.length > 0 ? teams.join(', ') : undefined
  if (!rolesFrom && !named) return null
  return (
    <span className="max-w-[36ch] truncate text-xs text-faint" title={named}>
      {rolesFrom ? `by groups of ${rolesFrom}` : 'teams'}
      {named && `: ${named}`}
    </span>
  )
}

function LastSeen({ person }: { person: ListedPerson }) {
  if (person.lastSeenAt !== undefined) return <RelativeTime at={person.lastSeenAt} suffix />
  return <>{person.hasPassword ? 'never' : 'not yet'}</>
}

function isLastAdmin(items: readonly ListedPerson[], person: ListedPerson): boolean {
  const admins = items.filter(({ roles, disabledAt }) => roles['*'] === 'admin' && disabledAt === undefined)
  return admins.length === 1 && admins[0]?.id === person.id
}
