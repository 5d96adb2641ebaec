'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '#lib/api/client.ts'
import { approveGates, listGates, type GuardedEnvironment } from '#lib/api/gates.ts'
import { useCommand } from '../commands/use-command.ts'
import { keys } from '../live/query-keys.ts'
import { useBlocked } from '../session/use-me.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Textarea } from '../ui/field.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { TimedText } from './timed-text.tsx'

/** Commits that make the gates of an environment looser, held by the gates as they were. */
export function LoosenedGates() {
  const gates = useQuery({ queryKey: keys.gates, queryFn: ({ signal }) => call(listGates, {}, { signal }) })
  const held = (gates.data?.items ?? []).filter(({ loosening }) => loosening)
  return (
    <div id="loosened-gates" className="empty:hidden">
      {held.map((guarded) => (
        <Held key={guarded.environment} guarded={guarded} />
      ))}
    </div>
  )
}

function Held({ guarded }: { guarded: GuardedEnvironment }) {
  const { environment, loosening } = guarded
  const [open, setOpen] = useState(false)
  const blocked = useBlocked('promotions:approve', environment)
  if (!loosening) return null
  return (
    <Banner
      state="wait"
      aside={
        <>
          <RelativeTime at={loosening.since} suffix className="text-xs text-faint" />
          <Button size="sm" blocked={blocked} onClick={() => setOpen(true)}>
            Decide
          </Button>
        </>
      }
    >
      <b className="font-semibold">The old gates of {environment} still hold.</b>{' '}
      <span className="text-muted">
        <TimedText
          text={loosening.reason || `${loosening.author.name} would loosen them: ${loosening.what.join(', ')}.`}
        />
      </span>
      {open && <DecideGates guarded={guarded} onClose={() => setOpen(false)} />}
    </Banner>
  )
}

function DecideGates({ guarded, onClose }: { guarded: GuardedEnvironment; onClose: () => void }) {
  const { environment, gates, loosening } = guarded
  const [said, setSaid] = useState('')
  const decide = useCommand(approveGates, { onDone: onClose })
  if (!loosening) return null
  const send = (decision: 'approve' | 'reject') =>
    decide.mutate({
      params: { name: environment },
      body: { digest: loosening.digest, decision, message: said.trim() || undefined },
    })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Loosen the gates of ${environment}`}
      description={
        <>
          commit <span className="mono">{loosening.commit.slice(0, 7)}</span> by {loosening.author.name}
        </>
      }
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button busy={decide.isPending} onClick={() => send('reject')}>
            Reject
          </Button>
          <Button kind="primary" busy={decide.isPending} onClick={() => send('approve')}>
            Approve
          </Button>
        </>
      }
    >
      <div className="grid gap-4 px-5 py-4">
        <List title="What becomes looser" items={loosening.what} />
        <List title="Gates in force until then" items={gates} />
        <Field label="A word for the others" hint="May stay empty.">
          {(parts) => (
            <Textarea {...parts} value={said} maxLength={500} onChange={(event) => setSaid(event.target.value)} />
          )}
        </Field>
      </div>
    </Dialog>
  )
}

function List({ title, items }: { title: string; items: readonly string[] }) {
  return (
    <section>
      <h3 className="eyebrow mb-1">{title}</h3>
      <ul className="list-disc pl-4">
        {items.map((item) => (
          <li key={item}>
            <TimedText text={item} />
          </li>
        ))}
      </ul>
    </section>
  )
}
