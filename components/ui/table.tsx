'use client'

import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { useKeyboardScroll } from './use-keyboard-scroll.ts'

/** Scrolls sideways on its own where the page is too narrow; focusable for those who scroll by keyboard. */
export function Table({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  const box = useKeyboardScroll<HTMLElement>()
  return (
    <section ref={box} aria-label={label} className="w-full overflow-x-auto">
      <table className={classNames('w-full border-collapse', className)}>{children}</table>
    </section>
  )
}

export function Th({ className, ...rest }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      {...rest}
      className={classNames(
        'border-b border-line px-3 py-2 text-left text-xs font-medium whitespace-nowrap text-faint',
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
        'group [&:last-child>td]:border-b-0',
        selected ? '[&>td]:bg-brass-wash' : 'hover:[&>td]:bg-sunken',
        className,
      )}
    />
  )
}

export function Td({ className, ...rest }: ComponentProps<'td'>) {
  return <td {...rest} className={classNames('h-9 border-b border-line px-3 whitespace-nowrap', className)} />
}
