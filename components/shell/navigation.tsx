'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useOpenAlerts } from '../alerts/use-alerts.ts'
import { classNames } from '../ui/class-names.ts'
import { Glyph } from '../ui/glyph.tsx'
import { isAt, places, type Place } from './places.ts'

function NavigationLink({ place, count }: { place: Place; count?: number }) {
  const on = isAt(place, usePathname())
  return (
    <Link
      href={place.href}
      aria-current={on ? 'page' : undefined}
      className={classNames(
        'flex h-[30px] items-center gap-[9px] rounded-sm px-2 font-[450]',
        on ? 'bg-surface text-fg shadow-[0_0_0_1px_var(--line)]' : 'text-muted hover:text-fg',
      )}
    >
      <Glyph name={place.icon} className="size-[15px]" />
      {place.label}
      {count !== undefined && count > 0 && (
        <span className="ml-auto rounded-full bg-bad-wash px-1.5 text-2xs font-semibold text-bad">
          {count}
          <span className="sr-only"> open</span>
        </span>
      )}
    </Link>
  )
}

export function NavigationLinks({ which }: { which: 'work' | 'settings' }) {
  const alerts = useOpenAlerts()
  return places
    .filter((place) => (place.href === '/settings') === (which === 'settings'))
    .map((place) => (
      <NavigationLink
        key={place.href}
        place={place}
        count={place.href === '/alerts' ? alerts.data?.items.length : undefined}
      />
    ))
}
