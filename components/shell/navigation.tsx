'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useOpenAlerts } from '../alerts/use-alerts.ts'
import { useInbox } from '../inbox/use-inbox.ts'
import { useOpenPromotions } from '../promotions/use-promotions.ts'
import { classNames } from '../ui/class-names.ts'
import { Glyph } from '../ui/glyph.tsx'
import { isAt, places, type Place } from './places.ts'

interface Count {
  count: number
  tone: 'bad' | 'wait'
  words: string
}

const tones: Record<Count['tone'], string> = { bad: 'bg-bad-wash text-bad', wait: 'bg-wait-wash text-wait' }

function NavigationLink({ place, badge }: { place: Place; badge?: Count }) {
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
      {badge && badge.count > 0 && (
        <span className={classNames('ml-auto rounded-full px-1.5 text-2xs font-semibold', tones[badge.tone])}>
          {badge.count}
          <span className="sr-only"> {badge.words}</span>
        </span>
      )}
    </Link>
  )
}

export function NavigationLinks({ which }: { which: 'work' | 'settings' }) {
  const alerts = useOpenAlerts().data?.items.length ?? 0
  const waiting = useOpenPromotions().data?.items.filter(({ state }) => state === 'waiting').length ?? 0
  const inbox = useInbox().count
  const badges: Record<string, Count> = {
    '/alerts': { count: alerts, tone: 'bad', words: 'open' },
    '/inbox': { count: inbox, tone: 'wait', words: 'for you' },
    '/promotions': { count: waiting, tone: 'wait', words: 'waiting' },
  }
  return places
    .filter((place) => (place.href === '/settings') === (which === 'settings'))
    .map((place) => <NavigationLink key={place.href} place={place} badge={badges[place.href]} />)
}
