import type { ReactNode } from 'react'
import { isWebAddress } from './web-address.ts'

/** A link that leaves Wheelhouse: http(s) alone, as text where it is anything else. */
export function OutsideLink({ href, children }: { href: string; children: ReactNode }) {
  if (!isWebAddress(href)) return <span>{children}</span>
  return (
    <a className="link whitespace-nowrap" href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  )
}
