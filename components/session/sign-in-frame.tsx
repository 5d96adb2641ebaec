'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { ApiError } from '#lib/api/client.ts'
import { BrandMark } from '../ui/glyph.tsx'
import { TooltipProvider } from '../ui/tooltip.tsx'

/** The page before there is a session: nothing of the product but its name. */
export function SignInFrame({ title, children }: { title: string; children: ReactNode }) {
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: 1 } } }))
  return (
    <QueryClientProvider client={client}>
      <TooltipProvider>
        <main className="grid min-h-dvh content-center justify-items-center px-4 py-10">
          <div className="mb-4 flex items-center gap-2.5 text-md font-semibold tracking-[-0.01em]">
            <BrandMark className="size-7" />
            Wheelhouse
          </div>
          <div className="w-full max-w-[380px] rounded-lg border border-line bg-surface p-6">
            <h1>{title}</h1>
            {children}
          </div>
        </main>
      </TooltipProvider>
    </QueryClientProvider>
  )
}

/** What happened, and what to do next. */
export function Refusal({ error }: { error: unknown }) {
  if (!error) return null
  const known = error instanceof ApiError ? error : undefined
  return (
    <p role="alert" className="rounded-sm bg-bad-wash px-3 py-2 text-sm text-bad">
      {known?.message ?? 'The answer could not be read.'} {known?.suggestion}
    </p>
  )
}
