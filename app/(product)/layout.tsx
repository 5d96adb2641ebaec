import type { ReactNode } from 'react'
import { Providers } from '#components/shell/providers.tsx'
import { Shell } from '#components/shell/shell.tsx'

export default function ProductLayout({ children }: { children: ReactNode }) {
  return (
    <Providers>
      <Shell>{children}</Shell>
    </Providers>
  )
}
