'use client'

import { PageBroke } from '#components/shell/page-broke.tsx'

export default function Broke({ reset }: { reset: () => void }) {
  return <PageBroke onRetry={reset} />
}
