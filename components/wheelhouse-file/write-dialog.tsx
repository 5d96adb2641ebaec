'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import type { PipelineCheck } from '#lib/api/pipeline.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input } from '../ui/field.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
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
  const send = () => {
    if (line !== '' && !write.isPending) write.mutate({ text, base, message: line })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      width="md"
      title="Write wheelhouse.yaml"
      description="One commit of its own, in your name."
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            busy={write.isPending}
            blocked={line === '' && 'Say what it changes first.'}
            onClick={send}
          >
            Commit
          </Button>
        </>
      }
    >
      <form
        className="grid grid-cols-[minmax(0,1fr)] gap-4 px-5 py-4"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
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
            <DiffView
              before={before}
              after={text}
              layout="unified"
              label="Difference of wheelhouse.yaml to be written"
            />
          </div>
        </section>
      </form>
    </Dialog>
  )
}
