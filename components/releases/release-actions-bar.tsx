'use client'

import dynamic from 'next/dynamic'
import type { Release } from '#lib/api/release-schemas.ts'
import { PromoteReleaseButton, useNextRelease } from '../promotions/promote-release-button.tsx'
import { Button } from '../ui/button.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { releaseActions } from './release-actions.ts'
import { useActionBlocks } from './use-action-blocks.ts'
import { useAsked } from './use-asked.ts'

const ActionDialog = dynamic(() => import('./action-dialog.tsx').then((module) => module.ActionDialog))

/** At most three in sight (on a phone two), the rest in the menu. */
const inSight = 3
const inSightOnPhone = 2

export function ReleaseActions({ release }: { release: Release }) {
  const [asked, ask] = useAsked()
  const blockedOf = useActionBlocks(release)
  const next = useNextRelease(release)
  const offers = releaseActions(release)
  const shown = offers.slice(0, inSight)
  const rest = offers.slice(inSightOnPhone)
  return (
    <div className="ml-auto flex flex-wrap items-center gap-2 max-sm:w-full">
      {shown.toReversed().map((offer, at) => (
        <Button
          key={offer.kind}
          kind={!next && at === shown.length - 1 && offer.kind === 'release' ? 'primary' : 'plain'}
          blocked={blockedOf(offer.kind)}
          className={shown.length - at > inSightOnPhone ? 'max-sm:hidden' : undefined}
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
            <Button size="icon" aria-label="More actions" className={offers.length > inSight ? undefined : 'sm:hidden'}>
              <Glyph name="more" />
            </Button>
          }
        >
          {rest.map((offer, at) => (
            <MenuItem
              key={offer.kind}
              className={at < inSight - inSightOnPhone ? 'sm:hidden' : undefined}
              icon={offer.icon}
              blocked={blockedOf(offer.kind)}
              onSelect={() => void ask({ do: offer.kind })}
            >
              {offer.words}
            </MenuItem>
          ))}
        </Menu>
      )}
      {next && <PromoteReleaseButton source={release} target={next} />}
      {asked.do && !blockedOf(asked.do) && (
        <ActionDialog
          release={release}
          kind={asked.do}
          container={asked.container ?? undefined}
          tag={asked.tag ?? undefined}
          revision={asked.revision ?? undefined}
          onClose={() => void ask(null)}
        />
      )}
    </div>
  )
}
