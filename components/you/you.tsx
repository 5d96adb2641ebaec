'use client'

import { useState } from 'react'
import type { Me } from '#lib/api/me.ts'
import { passwordProblem } from '#lib/core/access/index.ts'
import { QueryView } from '../live/query-view.tsx'
import { NameField } from '../session/name-field.tsx'
import { NewPasswordField } from '../session/new-password-field.tsx'
import { RoleChips } from '../session/role-chips.tsx'
import { SessionsTable } from '../session/sessions-table.tsx'
import { useMe } from '../session/use-me.ts'
import { PageHead } from '../shell/page-head.tsx'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { Field, Input } from '../ui/field.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { useChangePassword, useEndOthers, useEndSession, useOwnSessions, useRename } from './use-you.ts'

/** What a person can see and change of themselves. */
export function You() {
  const me = useMe()
  return (
    <>
      <PageHead title="You" />
      <QueryView query={me} what="who you are" loading={<SkeletonRows rows={4} label="Loading" />}>
        {(data) => (
          <div className="grid grid-cols-[minmax(0,1fr)] gap-[18px]">
            <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-[18px] lg:grid-cols-2">
              <Yourself key={data.name} me={data} />
              <Password me={data} />
            </div>
            <Sessions />
          </div>
        )}
      </QueryView>
    </>
  )
}

function Yourself({ me }: { me: Me }) {
  const [name, setName] = useState(me.name)
  const rename = useRename()
  const same = name.trim() === me.name
  return (
    <Section title="Name and roles" note={me.email}>
      <form
        className="grid gap-4 px-4 py-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (!same && name.trim() !== '') rename.mutate(name.trim())
        }}
      >
        <NameField value={name} onChange={setName} />
        <div className="flex flex-wrap items-center gap-2">
          <RoleChips roles={me.roles} />
          <span className="ml-auto">
            <Button
              type="submit"
              busy={rename.isPending}
              blocked={name.trim() === '' ? 'A name is needed.' : same && 'Nothing is changed yet.'}
            >
              Rename
            </Button>
          </span>
        </div>
      </form>
    </Section>
  )
}

function Password({ me }: { me: Me }) {
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const change = useChangePassword(() => {
    setCurrent('')
    setPassword('')
  })
  const missing = me.hasPassword && current === ''
  const problem = missing ? 'Your present password is needed.' : passwordProblem(password, me)
  return (
    <Section title="Password" note={me.hasPassword ? 'changing it ends your other sessions' : 'you have none yet'}>
      <form
        className="grid gap-4 px-4 py-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (!problem) change.mutate({ password, ...(me.hasPassword && { current }) })
        }}
      >
        <input type="hidden" name="username" autoComplete="username" value={me.email} />
        {me.hasPassword && (
          <Field label="Present password">
            {(parts) => (
              <Input
                {...parts}
                type="password"
                autoComplete="current-password"
                value={current}
                onChange={(event) => setCurrent(event.target.value)}
              />
            )}
          </Field>
        )}
        <NewPasswordField label="New password" owner={me} value={password} onChange={setPassword} />
        <div className="flex justify-end">
          <Button type="submit" kind="primary" busy={change.isPending} blocked={problem}>
            {me.hasPassword ? 'Change the password' : 'Set the password'}
          </Button>
        </div>
      </form>
    </Section>
  )
}

function Sessions() {
  const sessions = useOwnSessions()
  const end = useEndSession()
  const others = useEndOthers()
  const alone = sessions.data?.items.every(({ current }) => current)
  return (
    <Section
      title="Sessions"
      note="end a week after their last use, and after a month"
      aside={
        <Button
          size="sm"
          kind="danger"
          busy={others.isPending}
          blocked={alone && 'You are signed in nowhere else.'}
          onClick={() => others.mutate()}
        >
          End all others
        </Button>
      }
    >
      <QueryView query={sessions} what="your sessions" loading={<SkeletonRows rows={2} label="Loading the sessions" />}>
        {({ items }) => (
          <SessionsTable
            label="Your sessions"
            items={items}
            ending={end.isPending ? end.variables : undefined}
            onEnd={(id) => end.mutate(id)}
          />
        )}
      </QueryView>
    </Section>
  )
}
