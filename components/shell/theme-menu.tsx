'use client'

import { useState } from 'react'
import { MenuChoice, MenuLabel } from '../ui/menu.tsx'
import type { GlyphName } from '../ui/glyph.tsx'
import { themeCookie, themes, toTheme, type Theme } from './theme.ts'

const icons: Record<Theme, GlyphName> = { system: 'screen', light: 'sun', dark: 'moon' }
const words: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' }
const yearSeconds = 31_536_000

/** Takes effect at once here, and by the cookie in the next page's HTML: no flash, no script before paint. */
function choose(theme: Theme): void {
  document.cookie = `${themeCookie}=${theme}; Path=/; Max-Age=${yearSeconds}; SameSite=Lax`
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export function ThemeChoices() {
  const [theme, setTheme] = useState<Theme>(() => toTheme(document.documentElement.dataset.theme))
  return (
    <>
      <MenuLabel>Appearance</MenuLabel>
      {themes.map((one) => (
        <MenuChoice
          key={one}
          icon={icons[one]}
          checked={one === theme}
          onSelect={() => {
            choose(one)
            setTheme(one)
          }}
        >
          {words[one]}
        </MenuChoice>
      ))}
    </>
  )
}
