import type { GlyphName } from '../ui/glyph.tsx'

export interface Place {
  href: string
  label: string
  icon: GlyphName
  /** Second key after `g`. */
  key: string
}

/** Where one can go; the order of the navigation. */
export const places: readonly Place[] = [
  { href: '/', label: 'Environments', icon: 'environments', key: 'e' },
  { href: '/inbox', label: 'Inbox', icon: 'inbox', key: 'n' },
  { href: '/promotions', label: 'Promotions', icon: 'arrow', key: 'p' },
  { href: '/images', label: 'Images', icon: 'images', key: 'i' },
  { href: '/alerts', label: 'Alerts', icon: 'alerts', key: 'l' },
  { href: '/audit', label: 'Audit', icon: 'audit', key: 'a' },
  { href: '/repository', label: 'Repository', icon: 'repository', key: 'r' },
  { href: '/settings', label: 'Settings', icon: 'settings', key: 's' },
]

/** Whether `path` is the place or below it; a release belongs to Environments. */
export function isAt(place: Place, path: string): boolean {
  if (place.href === '/') return path === '/' || path.startsWith('/releases')
  return path === place.href || path.startsWith(`${place.href}/`)
}
