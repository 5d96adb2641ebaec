'use client'

import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { call } from '#lib/api/client.ts'
import { endSession } from '#lib/api/session.ts'
import { tellError } from '../commands/use-command.ts'
import { useMe } from '../session/use-me.ts'
import { Glyph } from '../ui/glyph.tsx'
import { Menu, MenuItem, MenuLabel, MenuLine } from '../ui/menu.tsx'
import { askForKeys } from './shell-events.ts'
import { ThemeChoices } from './theme-menu.tsx'

/** Who is signed in; appearance, keys, sign out. */
export function PersonMenu() {
  const me = useMe()
  const router = useRouter()
  const leave = useMutation({
    mutationFn: () => call(endSession, {}),
    onSuccess: () => window.location.assign('/sign-in'),
    onError: tellError,
  })
  const name = me.data?.name ?? '…'
  return (
    <Menu
      label="You"
      trigger={
        <button
          type="button"
          aria-label={`You: ${name}`}
          className="flex h-[30px] w-full min-w-0 items-center gap-[9px] rounded-sm px-2 text-muted hover:bg-surface hover:text-fg"
        >
          <Glyph name="person" className="size-[15px]" />
          <span className="truncate">{name}</span>
        </button>
      }
    >
      <MenuLabel>
        <span className="normal-case">{me.data?.email ?? 'Signing in …'}</span>
      </MenuLabel>
      <MenuItem icon="person" onSelect={() => router.push('/you')}>
        Name, password, sessions
      </MenuItem>
      <MenuItem icon="search" onSelect={askForKeys}>
        Keys
      </MenuItem>
      <MenuLine />
      <ThemeChoices />
      <MenuLine />
      <MenuItem icon="leave" onSelect={() => leave.mutate()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}
