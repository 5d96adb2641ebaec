'use client'

import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { call } from '#lib/api/client.ts'
import { createPasswordSession, createSession } from '#lib/api/session.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { secretIn } from './secret-in.ts'
import { Refusal, SignInFrame } from './sign-in-frame.tsx'

/** The ways in. A one-time link takes a press of the button, so that no preview or prefetch uses it up. */
export function SignIn({ link, next }: { link?: string; next: string }) {
  return (
    <SignInFrame title="Sign in">
      <Ways link={link} next={next} />
    </SignInFrame>
  )
}

function Ways({ link, next }: { link?: string; next: string }) {
  const [way, setWay] = useState<'password' | 'link'>(link ? 'link' : 'password')
  if (way === 'link') {
    const back = link ? undefined : () => setWay('password')
    return <LinkForm link={link} next={next} onBack={back} />
  }
  return (
    <>
      <PasswordForm next={next} />
      <Otherwise>
        <Button className="w-full justify-center" onClick={() => setWay('link')}>
          Use a one-time link
        </Button>
        <p className="text-xs text-faint">
          The link of the very first sign-in is in the log of the first start. Later ones come from an administrator.
        </p>
      </Otherwise>
    </>
  )
}

function Otherwise({ children }: { children: ReactNode }) {
  return (
    <div className="mt-5 grid gap-2.5">
      <p className="flex items-center gap-3 text-xs text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        or
      </p>
      {children}
    </div>
  )
}

function PasswordForm({ next }: { next: string }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const session = useMutation({
    mutationFn: () => call(createPasswordSession, { body: { email, password } }),
    onSuccess: () => window.location.assign(next),
  })
  const missing = email.trim() === '' || password === ''
  return (
    <form
      className="mt-4 grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (!missing) session.mutate()
      }}
    >
      <Field label="E-mail">
        {(parts) => (
          <Input
            {...parts}
            type="email"
            autoComplete="username"
            value={email}
            maxLength={254}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Field label="Password">
        {(parts) => (
          <Input
            {...parts}
            type="password"
            autoComplete="current-password"
            value={password}
            maxLength={1000}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <Refusal error={session.error} />
      <Button
        type="submit"
        kind="primary"
        busy={session.isPending || session.isSuccess}
        blocked={missing && 'E-mail and password are needed.'}
        className="justify-center"
      >
        Sign in
      </Button>
    </form>
  )
}

function LinkForm({ link, next, onBack }: { link?: string; next: string; onBack?: () => void }) {
  const [written, setWritten] = useState('')
  const session = useMutation({
    mutationFn: (secret: string) => call(createSession, { body: { link: secret } }),
    onSuccess: () => window.location.assign(next),
  })
  const secret = link ?? secretIn(written)
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
          : 'Open your one-time link, or paste it here. The first one is in the log of the first start.'}
      </p>
      {!link && (
        <Field label="One-time link">
          {(parts) => (
            <Input {...parts} autoComplete="off" value={written} onChange={(event) => setWritten(event.target.value)} />
          )}
        </Field>
      )}
      <Refusal error={session.error} />
      <Button
        type="submit"
        kind="primary"
        busy={session.isPending || session.isSuccess}
        blocked={!secret && 'Paste the link first.'}
        className="justify-center"
      >
        Sign in
      </Button>
      {onBack && (
        <Button kind="quiet" className="justify-center" onClick={onBack}>
          Back to the other ways
        </Button>
      )}
    </form>
  )
}
