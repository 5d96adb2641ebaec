'use client'

import { useState } from 'react'
import { releaseTag } from '#lib/api/release-commands.ts'
import type { JudgedTag } from '#lib/api/images.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import { useCommand } from '../commands/use-command.ts'
import { useJudgedTags } from '../images/use-images.ts'
import { VerdictMark } from '../images/verdict.tsx'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input, Select } from '../ui/field.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'

/** Chooses a tag by hand. One outside the policy needs a second yes, and says why. */
export function ReleaseTagDialog({
  release,
  container: given,
  tag: givenTag,
  onClose,
}: {
  release: Release
  container?: string
  tag?: string
  onClose: () => void
}) {
  const [container, setContainer] = useState(given ?? release.images[0]?.container ?? '')
  const [search, setSearch] = useState(givenTag ?? '')
  const [picked, pick] = useState<JudgedTag>()
  const [message, setMessage] = useState('')
  const [force, setForce] = useState(false)
  const tags = useJudgedTags(release.id, container, search)
  // A tag given by the page that opened this counts once its verdict is known: it decides what has to be confirmed.
  const chosen = picked ?? tags.data?.find((one) => one.name === givenTag)
  const tag = chosen?.name ?? ''
  const command = useCommand(releaseTag, { onDone: onClose })
  const current = release.images.find((image) => image.container === container)?.tag
  const outside =
    chosen !== undefined && ['not-matched', 'refused', 'unparseable', 'no-build-time'].includes(chosen.verdict)
  const missing = whatIsMissing({ tag, current, message, outside, force })
  const send = () => {
    if (!missing)
      command.mutate({
        params: { id: release.id },
        body: { container, tag, message: message.trim(), force: outside && force },
      })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      width="md"
      title={`Release a tag to ${release.name}`}
      description={
        <>
          {release.environment} · runs <span className="mono">{current ?? 'nothing yet'}</span>
          {tag && tag !== current && (
            <>
              {' '}
              → <span className="mono text-fg">{tag}</span>
            </>
          )}
        </>
      }
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="primary" busy={command.isPending} blocked={missing} onClick={send}>
            Commit and release
          </Button>
        </>
      }
    >
      <form
        className="grid gap-4 px-5 py-4"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          {release.images.length > 1 && (
            <Field label="Container">
              {(parts) => (
                <Select
                  {...parts}
                  value={container}
                  onChange={(event) => {
                    setContainer(event.target.value)
                    pick(undefined)
                  }}
                >
                  {release.images.map((image) => (
                    <option key={image.container}>{image.container}</option>
                  ))}
                </Select>
              )}
            </Field>
          )}
          <Field label="Find a tag">
            {(parts) => (
              <Input {...parts} type="search" value={search} onChange={(event) => setSearch(event.target.value)} />
            )}
          </Field>
        </div>
        <fieldset className="max-h-64 overflow-y-auto rounded-sm border border-line">
          <legend className="sr-only">Tag</legend>
          {tags.data?.length === 0 && (
            <p className="px-3 py-6 text-center text-muted">No known tag holds “{search}”.</p>
          )}
          {tags.data?.map((one) => (
            <label
              key={one.name}
              className={classNames(
                'flex min-h-9 cursor-pointer items-center gap-2.5 border-b border-line px-3 py-1 last:border-b-0',
                one.name === tag ? 'bg-brass-wash' : 'hover:bg-sunken',
              )}
            >
              <input
                type="radio"
                name="tag"
                className="accent-brass"
                checked={one.name === tag}
                onChange={() => pick(one)}
              />
              <span className="mono font-medium">{one.name}</span>
              <VerdictMark verdict={one.verdict} />
              <span className="ml-auto text-xs text-faint">
                {typeof one.created === 'number' && <RelativeTime at={one.created} />}
                {one.created === null && 'no build time'}
              </span>
            </label>
          ))}
        </fieldset>
        {outside && (
          <label className="flex items-start gap-2.5 rounded-sm bg-wait-wash px-3 py-2 text-wait">
            <input
              type="checkbox"
              className="mt-1 accent-brass"
              checked={force}
              onChange={(event) => setForce(event.target.checked)}
            />
            <span>
              Outside its policy: {chosen.reason}. Release it anyway; a hold is written in the same commit, so that
              automation does not move it back.
            </span>
          </label>
        )}
        <Field label="Why (goes into the commit and the audit)">
          {(parts) => (
            <Input
              {...parts}
              required
              value={message}
              maxLength={500}
              onChange={(event) => setMessage(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}

function whatIsMissing(form: {
  tag: string
  current?: string
  message: string
  outside: boolean
  force: boolean
}): string | undefined {
  if (form.tag === '') return 'Choose a tag first.'
  if (form.tag === form.current) return 'This tag runs already.'
  if (form.outside && !form.force) return 'The tag is outside the policy: confirm that first.'
  if (form.message.trim() === '') return 'Say why first.'
  return undefined
}
