'use client'

import dynamic from 'next/dynamic'
import type { Release } from '#lib/api/release-schemas.ts'
import { useMe } from '../session/use-me.ts'
import { whoCouldWords } from '../session/who-could-words.ts'
import { allows } from '#lib/core/access/index.ts'
import { Button } from '../ui/button.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { actionPermissions, releaseActions, type ActionKind } from './release-actions.ts'
import { useAsked } from './use-asked.ts'

const ActionDialog = dynamic(() => import('./action-dialog.tsx').then((module) => module.ActionDialog))

/** Why an action cannot be done, and who could. */
function useActionBlocks(release: Release): (kind: ActionKind) => string | undefined {
  const me = useMe()
  const { environment } = release
  return (kind) => {
    const permission = actionPermissions[kind]
    if (me.data && !allows(me.data, permission, environment)) return whoCouldWords(permission, environment)
    if (release.mode === 'observe') return `${environment} is only observed; an administrator can let it act.`
    return undefined
  }
}

/** At most three in sight, the rest in the menu. */
const inSight = 3

export function ReleaseActions({ release }: { release: Release }) {
  const [asked, ask] = useAsked()
  const blockedOf = useActionBlocks(release)
  const offers = releaseActions(release)
  const shown = offers.slice(0, inSight)
  const rest = offers.slice(inSight)
  return (
    <div className="ml-auto flex flex-wrap items-center gap-2 max-sm:w-full">
      {shown.toReversed().map((offer, at) => (
        <Button
          key={offer.kind}
          kind={at === shown.length - 1 ? 'primary' : 'plain'}
          blocked={blockedOf(offer.kind)}
          onClick={() => void ask({ do: offer.kind })}
        >
          <Glyph name={offer.icon} />
          {offer.words}
        </Button>
      ))}
      {rest.length > 0 && (
        <Menu
          label="More actions"
          trigger={
            <Button size="icon" aria-label="More actions">
              <Glyph name="more" />
            </Button>
          }
        >
          {rest.map((offer) => (
            <MenuItem
              key={offer.kind}
              icon={offer.icon}
              blocked={blockedOf(offer.kind)}
              onSelect={() => void ask({ do: offer.kind })}
            >
              {offer.words}
            </MenuItem>
          ))}
        </Menu>
      )}
      {asked.do && !blockedOf(asked.do) && (
        <ActionDialog
          release={release}
          kind={asked.do}
          container={asked.container ?? undefined}
          tag={asked.tag ?? undefined}
          onClose={() => void ask(null)}
        />
      )}
    </div>
  )
}
