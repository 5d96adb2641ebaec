'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '#lib/api/client.ts'
import { choosePassword, getPasswordLink } from '#lib/api/session.ts'
import { passwordProblem } from '#lib/core/access/index.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { NameField } from './name-field.tsx'
import { NewPasswordField } from './new-password-field.tsx'
import { Refusal, SignInFrame } from './sign-in-frame.tsx'

/** Where an invitation leads: a name, a password, and in. */
export function ChoosePassword({ link }: { link?: string }) {
  return (
    <SignInFrame title="Choose your password">
      {link ? (
        <ByLink link={link} />
      ) : (
        <p className="mt-1 text-muted">This address is not complete. Open the whole link you were given.</p>
      )}
    </SignInFrame>
  )
}

function ByLink({ link }: { link: string }) {
  const owner = useQuery({
    queryKey: ['password-link', link],
    queryFn: () => call(getPasswordLink, { body: { link } }),
    retry: false,
    staleTime: Infinity,
  })
  if (owner.data) return <PasswordForm link={link} owner={owner.data} />
  if (!owner.isError) return <SkeletonRows rows={2} label="Looking at the link" />
  return (
    <div className="mt-3 grid gap-3">
      <Refusal error={owner.error} />
      <ButtonLink href="/sign-in" className="justify-center">
        To the sign-in
      </ButtonLink>
    </div>
  )
}

function PasswordForm({ link, owner }: { link: string; owner: { email: string; name: string } }) {
  const [name, setName] = useState(owner.name)
  const [password, setPassword] = useState('')
  const chosen = useMutation({
    mutationFn: () => call(choosePassword, { body: { link, password, name: name.trim() } }),
    onSuccess: () => window.location.assign('/'),
  })
  const problem = name.trim() === '' ? 'Your name is needed.' : passwordProblem(password, { ...owner, name })
  return (
    <form
      className="mt-1 grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (!problem) chosen.mutate()
      }}
    >
      <p className="text-muted">
        For <span className="font-medium break-all text-fg">{owner.email}</span>. The link works once.
      </p>
      <input type="hidden" name="username" autoComplete="username" value={owner.email} />
      <NameField value={name} onChange={setName} />
      <NewPasswordField label="Password" owner={{ ...owner, name }} value={password} onChange={setPassword} />
      <Refusal error={chosen.error} />
      <Button
        type="submit"
        kind="primary"
        busy={chosen.isPending || chosen.isSuccess}
        blocked={problem}
        className="justify-center"
      >
        Choose it and sign in
      </Button>
    </form>
  )
}
