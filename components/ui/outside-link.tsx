import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Glyph } from './glyph.tsx'
import { isWebAddress } from './web-address.ts'

/** A link that leaves Wheelhouse, in a tab of its own: http(s) alone, as text where it is anything else. */
export function OutsideLink({ href, className, children }: { href: string; className?: string; children: ReactNode }) {
  if (!isWebAddress(href)) return <span className={className}>{children}</span>
  return (
    <a className={classNames('link whitespace-nowrap', className)} href={href} target="_blank" rel="noreferrer">
      {children}
      <Glyph name="external" className="ml-1 inline size-3" />
      <span className="sr-only"> (opens in a new tab)</span>
    </a>
  )
}
