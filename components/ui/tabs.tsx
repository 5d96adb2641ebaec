'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export interface Tab {
  href: string
  label: string
  note?: ReactNode
}

/** Tabs that are addresses: a copied link opens the same one. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const path = usePathname()
  return (
    <nav aria-label={label} className="mt-3.5 mb-4 flex gap-[18px] overflow-x-auto border-b border-line">
      {tabs.map((tab) => {
        const on = path === tab.href
        return (
          <Link
            key={tab.href}
            href={tab.href}
            aria-current={on ? 'page' : undefined}
            className={classNames(
              'flex shrink-0 items-center gap-1.5 py-[7px] focus-visible:-outline-offset-2',
              on ? 'font-[550] text-fg shadow-[inset_0_-2px_var(--brass)]' : 'font-[450] text-muted hover:text-fg',
            )}
          >
            {tab.label}
            {tab.note}
          </Link>
        )
      })}
    </nav>
  )
}
