'use client'

import dynamic from 'next/dynamic'
import { useCallback, useEffect, useState } from 'react'
import { onAsked } from './shell-events.ts'
import { useShortcuts } from './use-shortcuts.ts'

const CommandPalette = dynamic(() => import('./command-palette.tsx').then((module) => module.CommandPalette))
const KeysDialog = dynamic(() => import('./keys-dialog.tsx').then((module) => module.KeysDialog))

/** Palette and key sheet: their code is fetched when first asked for. */
export function CommandSurfaces() {
  const [shown, setShown] = useState<'palette' | 'keys'>()
  const palette = useCallback(() => setShown('palette'), [])
  const keys = useCallback(() => setShown('keys'), [])
  const close = useCallback(() => setShown(undefined), [])
  useShortcuts({ palette, keys })
  useEffect(() => onAsked({ palette, keys }), [palette, keys])
  if (shown === 'palette') return <CommandPalette onClose={close} onKeys={keys} />
  if (shown === 'keys') return <KeysDialog onClose={close} />
  return null
}
