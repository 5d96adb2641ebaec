'use client'

import type { ListedPerson, PasswordLink } from '#lib/api/people.ts'
import { Button } from '../ui/button.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { useMakeLink, useSetDisabled } from './use-people.ts'

export type PersonAction = 'roles' | 'sessions' | 'remove'

const lastWords = 'The last administrator. Make somebody else one first.'

/** What can be done with one person. What opens a dialog is told to the list, which keeps it open when rows change. */
export function PersonActions({
  person,
  last,
  blocked,
  onOpen,
  onLink,
}: {
  person: ListedPerson
  /** The last administrator can be neither disabled nor removed. */
  last: boolean
  blocked: string | undefined
  onOpen: (action: PersonAction) => void
  onLink: (made: PasswordLink) => void
}) {
  const makeLink = useMakeLink(onLink)
  const setDisabled = useSetDisabled()
  const disabled = person.disabledAt !== undefined
  return (
    <Menu
      label={`Actions for ${person.name}`}
      trigger={
        <Button kind="quiet" size="icon" aria-label={`Actions for ${person.name}`} busy={makeLink.isPending}>
          <Glyph name="more" />
        </Button>
      }
    >
      <MenuItem
        icon="shield"
        blocked={blocked ?? (person.rolesFrom && `They come from the groups of ${person.rolesFrom}.`)}
        onSelect={() => onOpen('roles')}
      >
        Change roles
      </MenuItem>
      <MenuItem icon="screen" onSelect={() => onOpen('sessions')}>
        Sessions
      </MenuItem>
      <MenuItem
        icon="key"
        blocked={blocked ?? (disabled ? 'Enable them first.' : undefined)}
        onSelect={() => makeLink.mutate(person.id)}
      >
        {person.hasPassword ? 'Link for a new password' : 'New invitation link'}
      </MenuItem>
      <MenuLine />
      {disabled ? (
        <MenuItem icon="unlock" blocked={blocked} onSelect={() => setDisabled.mutate({ person, disabled: false })}>
          Enable
        </MenuItem>
      ) : (
        <MenuItem
          icon="lock"
          blocked={blocked ?? (last ? lastWords : undefined)}
          onSelect={() => setDisabled.mutate({ person, disabled: true })}
        >
          Disable
        </MenuItem>
      )}
      <MenuItem
        icon="trash"
        tone="bad"
        blocked={blocked ?? (last ? lastWords : undefined)}
        onSelect={() => onOpen('remove')}
      >
        Remove …
      </MenuItem>
    </Menu>
  )
}
