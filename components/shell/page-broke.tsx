'use client'

import { ErrorState } from '../ui/error-state.tsx'

/** The page itself failed; the frame around it still works. */
export function PageBroke({ onRetry }: { onRetry: () => void }) {
  return (
    <ErrorState
      title="This page could not be drawn"
      message="Something in it failed in your browser; nothing in the cluster or in Git is touched by that."
      suggestion="Try again; if it stays, go to another page and tell whoever runs Wheelhouse."
      onRetry={onRetry}
    />
  )
}
