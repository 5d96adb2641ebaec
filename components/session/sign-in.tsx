'use client'

import { QueryClient, QueryClientProvider, useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '#lib/api/client.ts'
import { createSession } from '#lib/api/session.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { BrandMark } from '../ui/glyph.tsx'
import { TooltipProvider } from '../ui/tooltip.tsx'
import { secretIn } from './secret-in.ts'

/** Exchanges a one-time link for a session. A press of the button, so that no preview or prefetch uses the link up. */
export function SignIn({ link, next }: { link?: string; next: string }) {
  const [client] = useState(() => new QueryClient())
  return (
    <QueryClientProvider client={client}>
      <TooltipProvider>
        <main className="grid min-h-dvh place-items-center px-4">
          <div className="w-full max-w-[380px] rounded-lg border border-line bg-surface p-6">
            <BrandMark className="size-9" />
            <h1 className="mt-4">Sign in to Wheelhouse</h1>
            <SignInForm link={link} next={next} />
          </div>
        </main>
      </TooltipProvider>
    </QueryClientProvider>
  )
}

function SignInForm({ link, next }: { link?: string; next: string }) {
  const [written, setWritten] = useState('')
  const session = useMutation({
    mutationFn: (secret: string) => call(createSession, { body: { link: secret } }),
    onSuccess: () => window.location.assign(next),
  })
  const secret = link ?? secretIn(written)
  const error = session.error instanceof ApiError ? session.error : undefined
  return (
    <form
      className="mt-1 grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (secret) session.mutate(secret)
      }}
    >
      <p className="text-muted">
        {link
          ? 'Your one-time link is here. It works once; afterwards this browser stays signed in.'
          : 'Open your one-time sign-in link, or paste it here. The first one is in the log of the first start.'}
      </p>
      {!link && (
        <Field label="One-time link">
          {(parts) => (
            <Input {...parts} autoComplete="off" value={written} onChange={(event) => setWritten(event.target.value)} />
          )}
        </Field>
      )}
      {session.isError && (
        <p role="alert" className="rounded-sm bg-bad-wash px-3 py-2 text-bad">
          {error?.message ?? 'The answer could not be read.'} {error?.suggestion}
        </p>
      )}
      <Button
        type="submit"
        kind="primary"
        busy={session.isPending || session.isSuccess}
        blocked={!secret && 'Paste the link first.'}
        className="justify-center"
      >
        Sign in
      </Button>
    </form>
  )
}
