'use client'

import { useState } from 'react'
import type { Deletion } from '#lib/api/release-schemas.ts'
import { subjectWords } from '../audit/subject-words.ts'
import { shortName } from '../session/short-name.ts'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input } from '../ui/field.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StateIcon, type State } from '../ui/state-icon.tsx'
import { useDecideDeletion } from './use-repository.ts'

const states: Record<Deletion['state'], State> = {
  waiting: 'wait',
  consented: 'run',
  done: 'ok',
  cancelled: 'none',
  kept: 'held',
}

/** Deleting in these asks to type the name. */
const isProduction = (environment: string) => environment.startsWith('prod')

/** One object that left Git: delete it, or keep it. */
export function DeletionRow({ deletion }: { deletion: Deletion }) {
  const [asking, setAsking] = useState(false)
  const blocked = useBlocked('deletions:consent', deletion.environment)
  const decide = useDecideDeletion()
  const { name, namespace } = subjectWords(deletion.object)
  return (
    <div className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-2.5">
      <StateIcon state={states[deletion.state]} label={deletion.state} className="mt-[3px] size-3.5" />
      <div className="min-w-0 flex-1 basis-56">
        <p>
          <b className="font-semibold">{name}</b>{' '}
          <span className="text-muted">
            {deletion.kind} in {namespace ?? 'the cluster'}
          </span>
        </p>
        <p className="flex flex-wrap gap-x-3 text-xs text-faint">
          <span className="mono">{deletion.path}</span>
          <span>
            removed by <span className="mono">{deletion.commit.slice(0, 7)}</span>{' '}
            <RelativeTime at={deletion.createdAt} suffix />
          </span>
          {deletion.guard && <span className="text-wait">{deletion.guard}</span>}
          {deletion.decidedBy && deletion.decidedAt !== undefined && (
            <span>
              {deletion.state} by {shortName(deletion.decidedBy)} <RelativeTime at={deletion.decidedAt} suffix />
            </span>
          )}
        </p>
      </div>
      {deletion.state === 'waiting' && (
        <div className="ml-auto flex gap-2">
          <Button
            size="sm"
            blocked={blocked}
            busy={decide.isPending}
            onClick={() => decide.mutate({ params: { id: deletion.id }, body: { decision: 'keep' } })}
          >
            Keep
          </Button>
          <Button size="sm" kind="danger" blocked={blocked} onClick={() => setAsking(true)}>
            Delete …
          </Button>
        </div>
      )}
      {asking && <DeletionDialog deletion={deletion} onClose={() => setAsking(false)} />}
    </div>
  )
}

function DeletionDialog({ deletion, onClose }: { deletion: Deletion; onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const decide = useDecideDeletion(onClose)
  const mustType = isProduction(deletion.environment)
  const { name } = subjectWords(deletion.object)
  const blocked = mustType && typed !== name ? `Type ${name} first.` : undefined
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Delete ${name}?`}
      description={`${deletion.kind} · ${deletion.environment} · ${deletion.path}`}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="danger"
            busy={decide.isPending}
            blocked={blocked}
            onClick={() => decide.mutate({ params: { id: deletion.id }, body: { decision: 'delete' } })}
          >
            Delete from the cluster
          </Button>
        </>
      }
    >
      <div className="grid gap-4 px-5 py-4">
        <p>
          {deletion.release
            ? 'The release is uninstalled with everything it owns.'
            : 'The object is deleted from the cluster.'}{' '}
          {deletion.guard} The consent holds for this commit and this very object; adding the document back to Git
          cancels it.
        </p>
        {mustType && (
          <Field label={`Type ${name} to confirm`}>
            {(parts) => (
              <Input {...parts} value={typed} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
            )}
          </Field>
        )}
      </div>
    </Dialog>
  )
}
