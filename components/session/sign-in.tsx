'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { call, urlOf } from '#lib/api/client.ts'
import { beginSignIn, listWays } from '#lib/api/providers.ts'
import { createPasswordSession, createSession } from '#lib/api/session.ts'
import type { SignInRefusal } from '#lib/core/access/index.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Field, Input } from '../ui/field.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { refusalWords } from './refusal-words.ts'
import { secretIn } from './secret-in.ts'
import { Refusal, SignInFrame } from './sign-in-frame.tsx'

/** The ways in. A one-time link takes a press of the button, so that no preview or prefetch uses it up. */
export function SignIn({ link, next, refused }: { link?: string; next: string; refused?: SignInRefusal }) {
  return (
    <SignInFrame title="Sign in">
      {refused && (
        <p role="alert" className="mt-3 rounded-sm bg-bad-wash px-3 py-2 text-sm text-bad">
          {refusalWords[refused]}
        </p>
      )}
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
        <ProviderButtons next={next} />
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

/** Off to whoever vouches for people; links, since the browser goes there as a whole. */
function ProviderButtons({ next }: { next: string }) {
  const ways = useQuery({ queryKey: ['ways'], queryFn: ({ signal }) => call(listWays, {}, { signal }) })
  return (ways.data?.items ?? []).map(({ id, name, kind }) => (
    <a
      key={id}
      href={urlOf(beginSignIn, { params: { id }, query: { next } })}
      className={classNames(buttonClass(), 'w-full justify-center')}
    >
      <Glyph name={kind === 'github' ? 'commit' : 'shield'} />
      Continue with {name}
    </a>
  ))
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

/** Read when it is sent: what a password manager fills in is told to nobody before. */
function PasswordForm({ next }: { next: string }) {
  const session = useMutation({
    mutationFn: (body: { email: string; password: string }) => call(createPasswordSession, { body }),
    onSuccess: () => window.location.assign(next),
  })
  return (
    <form
      className="mt-4 grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        const given = new FormData(event.currentTarget)
        const text = (name: string) => String(given.get(name) ?? '')
        session.mutate({ email: text('email'), password: text('password') })
      }}
    >
      <Field label="E-mail">
        {(parts) => <Input {...parts} name="email" type="email" autoComplete="username" maxLength={254} required />}
      </Field>
      <Field label="Password">
        {(parts) => (
          <Input {...parts} name="password" type="password" autoComplete="current-password" maxLength={1000} required />
        )}
      </Field>
      <Refusal error={session.error} />
      <Button type="submit" kind="primary" busy={session.isPending || session.isSuccess} className="justify-center">
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
