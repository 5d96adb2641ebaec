'use client'

import { Button } from './button.tsx'
import { StateIcon } from './state-icon.tsx'

/** What happened, what it means, the next step. */
export function ErrorState({
  title,
  message,
  suggestion,
  onRetry,
}: {
  title: string
  message: string
  suggestion?: string
  onRetry?: () => void
}) {
  return (
    <div role="alert" className="flex flex-wrap items-start gap-3 px-5 py-6">
      <StateIcon state="bad" label={null} className="mt-0.5 size-4" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-semibold">{title}</p>
        <p className="mt-0.5 text-muted">{message}</p>
        {suggestion && <p className="mt-0.5 text-muted">{suggestion}</p>}
      </div>
      {onRetry && (
        <Button size="sm" className="ml-7 sm:ml-auto" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  )
}
