'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import type { PipelineCheck } from '#lib/api/pipeline.ts'
import { Field, Input } from '../ui/field.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { LoosenedWords } from './loosened-words.tsx'
import { useWrite } from './use-wheelhouse-file.ts'

const DiffView = dynamic(() => import('../diff/diff-view.tsx').then((module) => module.DiffView), {
  loading: () => <SkeletonRows label="Loading the difference" />,
})

/** What is written, what it loosens, the line it is written under. One button. */
export function WriteDialog({
  before,
  text,
  base,
  loosens,
  onClose,
}: {
  before: string
  text: string
  base: string | null
  loosens: PipelineCheck['loosens']
  onClose: () => void
}) {
  const [message, setMessage] = useState('')
  const write = useWrite(onClose)
  const line = message.trim()
  return (
    <FormDialog
      width="md"
      title="Write wheelhouse.yaml"
      description="One commit of its own, in your name."
      button="Commit"
      busy={write.isPending}
      blocked={line === '' && 'Say what it changes first.'}
      onSend={() => write.mutate({ text, base, message: line })}
      onClose={onClose}
    >
      <Field label="What it changes" hint="The first line of the commit, and the reason in the audit.">
        {(parts) => (
          <Input
            {...parts}
            required
            value={message}
            maxLength={200}
            placeholder="Ask for two approvals before prod"
            onChange={(event) => setMessage(event.target.value)}
          />
        )}
      </Field>
      {loosens.length > 0 && (
        <div className="[&>*:last-child]:mb-0">
          <LoosenedWords loosens={loosens} />
        </div>
      )}
      <section aria-label="What is written" className="overflow-hidden rounded-md border border-line">
        <div className="max-h-72 overflow-y-auto">
          <DiffView before={before} after={text} layout="unified" label="Difference of wheelhouse.yaml to be written" />
        </div>
      </section>
    </FormDialog>
  )
}
