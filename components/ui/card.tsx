import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export function Card({ className, children }: { className?: string; children: ReactNode }) {
  return <div className={classNames('rounded-md border border-line bg-surface', className)}>{children}</div>
}

/** A card with a heading row; `aside` stands at its right end. */
export function Section({
  title,
  note,
  aside,
  className,
  children,
}: {
  title: string
  note?: ReactNode
  aside?: ReactNode
  className?: string
  children: ReactNode
}) {
  return (
    <section aria-label={title} className={classNames('min-w-0 rounded-md border border-line bg-surface', className)}>
      <header className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2">
        <h2>{title}</h2>
        {note && <span className="text-xs text-faint">{note}</span>}
        {aside && <span className="ml-auto flex flex-wrap items-center gap-2">{aside}</span>}
      </header>
      {children}
    </section>
  )
}
