'use client'

import Link from 'next/link'
import { Dialog } from 'radix-ui'
import { usePathname } from 'next/navigation'
import { useState, type ReactNode } from 'react'
import { LiveIndicator } from '../live/live-indicator.tsx'
import { releasesOf } from '../environments/matrix-rows.ts'
import { useMatrix } from '../environments/use-matrix.ts'
import { BrandMark, Glyph } from '../ui/glyph.tsx'
import { CommandSurfaces } from './command-surfaces.tsx'
import { NavigationLinks } from './navigation.tsx'
import { PersonMenu } from './person-menu.tsx'
import { askForPalette } from './shell-events.ts'

/** The frame of every page: navigation at the left, on a phone a bar on top with the same in a sheet. */
export function Shell({ children }: { children: ReactNode }) {
  const matrix = useMatrix().data
  const place = matrix && releasesOf(matrix)[0]?.cluster
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[204px_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-sm bg-brass px-3 py-2 text-brass-fg focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <TopBar place={place} />
      <aside className="sticky top-0 hidden h-dvh flex-col gap-0.5 border-r border-line bg-sunken px-2.5 py-3.5 lg:flex">
        <Brand />
        <nav aria-label="Main" className="flex flex-1 flex-col gap-0.5 pt-3.5">
          <NavigationLinks which="work" />
          <span className="flex-1" />
          <NavigationLinks which="settings" />
        </nav>
        <PersonMenu />
        <div className="px-2 py-2">
          <LiveIndicator place={place} />
        </div>
      </aside>
      <main
        id="content"
        tabIndex={-1}
        className="w-full max-w-[1440px] min-w-0 px-4 pt-[18px] pb-10 outline-none sm:px-6"
      >
        {children}
      </main>
      <CommandSurfaces />
    </div>
  )
}

function Brand() {
  return (
    <Link
      href="/"
      className="flex items-center gap-[9px] rounded-sm px-2 py-0.5 text-md font-semibold tracking-[-0.01em]"
    >
      <BrandMark />
      Wheelhouse
    </Link>
  )
}

function TopBar({ place }: { place?: string }) {
  const path = usePathname()
  // Remembering the path the menu was opened on closes it by itself when one has gone elsewhere.
  const [openOn, setOpenOn] = useState<string>()
  return (
    <header className="sticky top-0 z-30 flex h-12 items-center gap-1 border-b border-line bg-sunken px-2 lg:hidden">
      <Brand />
      <span className="ml-auto min-w-0 px-1">
        <LiveIndicator />
      </span>
      <button
        type="button"
        aria-label="Go to, or do"
        onClick={askForPalette}
        className="grid size-9 place-items-center rounded-sm text-muted"
      >
        <Glyph name="search" className="size-[18px]" />
      </button>
      <Dialog.Root open={openOn === path} onOpenChange={(open) => setOpenOn(open ? path : undefined)}>
        <Dialog.Trigger aria-label="Menu" className="grid size-9 place-items-center rounded-sm text-muted">
          <Glyph name="menu" className="size-[18px]" />
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-30" />
          <Dialog.Content
            aria-describedby={undefined}
            className="fixed inset-x-2 top-14 z-40 animate-in rounded-md bg-surface p-2 shadow-overlay outline-none motion-reduce:animate-none"
          >
            <Dialog.Title className="sr-only">Menu</Dialog.Title>
            <nav aria-label="Main" className="flex flex-col gap-0.5 [&_a]:h-10">
              <NavigationLinks which="work" />
              <NavigationLinks which="settings" />
            </nav>
            <div className="mt-1 flex items-center justify-between border-t border-line pt-1 [&>button]:h-10">
              <PersonMenu />
              {place && <span className="px-2 text-xs whitespace-nowrap text-faint">{place}</span>}
            </div>
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </header>
  )
}
