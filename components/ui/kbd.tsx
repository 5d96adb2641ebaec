import type { ReactNode } from 'react'

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="rounded-[4px] border border-line bg-sunken px-[5px] py-px font-sans text-[10.5px] font-medium text-faint">
      {children}
    </kbd>
  )
}
