'use client'

import type { ReactNode } from 'react'
import { Glyph } from '../ui/glyph.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { useCommandKey } from '../ui/use-command-key.ts'
import { askForPalette } from './shell-events.ts'

export function PageHead({ title, chips, actions }: { title: string; chips?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="mb-3.5 flex flex-wrap items-center gap-x-3 gap-y-2">
      <h1>{title}</h1>
      {chips && <div className="flex flex-wrap items-center gap-2">{chips}</div>}
      <div className="ml-auto flex flex-wrap items-center gap-2">
        <PaletteButton />
        {actions}
      </div>
    </div>
  )
}

export function PaletteButton() {
  const command = useCommandKey()
  return (
    <button
      type="button"
      onClick={askForPalette}
      className="hidden h-[30px] min-w-60 items-center gap-2 rounded-sm border border-line bg-surface pr-2 pl-2.5 text-faint hover:border-line-strong lg:flex"
    >
      <Glyph name="search" />
      <span className="flex-1 text-left">Go to, or do …</span>
      <Kbd>{command === '⌘' ? '⌘K' : 'Ctrl K'}</Kbd>
    </button>
  )
}
