'use client'

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { useState, type ReactNode } from 'react'
import { Toaster } from 'sonner'
import { ApiError } from '#lib/api/client.ts'
import { LiveProvider } from '../live/live-provider.tsx'
import { TooltipProvider } from '../ui/tooltip.tsx'

/** A session that ended elsewhere ends here too; one comes back to the same page after signing in. */
function leaveIfSignedOut(error: unknown): void {
  if (!(error instanceof ApiError) || error.status !== 401) return
  window.location.assign(`/sign-in?next=${encodeURIComponent(window.location.pathname + window.location.search)}`)
}

/** The stream says when an answer is old, so nothing is asked again by time alone. */
function newClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveIfSignedOut }),
    mutationCache: new MutationCache({ onError: leaveIfSignedOut }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) =>
          failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      },
    },
  })
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(newClient)
  return (
    <QueryClientProvider client={client}>
      <NuqsAdapter>
        <TooltipProvider delayDuration={250}>
          <LiveProvider>{children}</LiveProvider>
        </TooltipProvider>
      </NuqsAdapter>
      <Toaster
        position="bottom-right"
        gap={8}
        toastOptions={{ unstyled: true, classNames: { toast: 'toast', description: 'text-muted', icon: 'mt-0.5' } }}
      />
    </QueryClientProvider>
  )
}
