import type { ReactNode } from 'react'
import { Glyph, type GlyphName } from './glyph.tsx'

/** Nothing here: says why, and what to do next, with the command or the button. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon: GlyphName
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="grid justify-items-center gap-2 px-6 py-12 text-center">
      <span className="mb-1 grid size-9 place-items-center rounded-md border border-line bg-sunken text-faint">
        <Glyph name={icon} className="size-4.5" />
      </span>
      <p className="text-md font-semibold">{title}</p>
      {children && <div className="max-w-[52ch] text-sm text-muted">{children}</div>}
      {action && <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
