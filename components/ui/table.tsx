'use client'

import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { useKeyboardScroll } from './use-keyboard-scroll.ts'

/**
 * Scrolls sideways on its own where the page is too narrow; focusable for those who scroll by keyboard. On a phone each
 * row is a few wrapped lines instead: no column is out of sight.
 */
export function Table({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  const box = useKeyboardScroll<HTMLElement>()
  return (
    <section ref={box} aria-label={label} className="relative w-full overflow-x-auto">
      <table
        className={classNames(
          'w-full border-collapse max-sm:block max-sm:[&>tbody]:block max-sm:[&>thead]:sr-only',
          className,
        )}
      >
        {children}
      </table>
    </section>
  )
}

export function Th({ className, ...rest }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      {...rest}
      className={classNames(
        'border-b border-line px-3 py-2 text-left text-xs font-medium whitespace-nowrap text-faint first:pl-4 last:pr-4',
        className,
      )}
    />
  )
}

export function Tr({ selected = false, className, ...rest }: ComponentProps<'tr'> & { selected?: boolean }) {
  return (
    <tr
      {...rest}
      className={classNames(
        'group border-line max-sm:flex max-sm:flex-wrap max-sm:items-center max-sm:gap-x-3 max-sm:gap-y-1 max-sm:border-b max-sm:px-4 max-sm:py-2.5 max-sm:last:border-b-0 [&:last-child>td]:border-b-0',
        selected ? 'max-sm:bg-brass-wash [&>td]:bg-brass-wash' : 'hover:[&>td]:bg-sunken',
        className,
      )}
    />
  )
}

/** Where a cell goes on a phone: behind the one before, on a line of its own, at the right end, or nowhere. */
type OnPhone = 'behind' | 'line' | 'end' | 'hidden'

const places: Record<OnPhone, string> = {
  behind: '',
  line: 'max-sm:basis-full max-sm:max-w-none max-sm:whitespace-normal',
  end: 'max-sm:ml-auto',
  hidden: 'max-sm:hidden',
}

export function Td({ phone = 'behind', className, ...rest }: ComponentProps<'td'> & { phone?: OnPhone }) {
  return (
    <td
      {...rest}
      className={classNames(
        'h-9 border-b border-line px-3 whitespace-nowrap first:pl-4 last:pr-4 max-sm:h-auto max-sm:min-w-0 max-sm:border-0 max-sm:p-0 max-sm:first:pl-0 max-sm:last:pr-0 max-sm:empty:hidden',
        className,
        places[phone],
      )}
    />
  )
}
