'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import { rollbackRelease } from '#lib/api/release-commands.ts'
import type { Release, Revision } from '#lib/api/release-schemas.ts'
import { useCommand } from '../commands/use-command.ts'
import { useDiff, useRevisions } from '../history/use-history.ts'
import { QueryView } from '../live/query-view.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Select } from '../ui/field.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { UntilField, WhyField } from './hold-fields.tsx'
import { canGoBackTo } from './rollback-targets.ts'

const loading = () => <SkeletonRows label="Loading the difference" />
const ManifestDiff = dynamic(() => import('../diff/manifest-diff.tsx').then((module) => module.ManifestDiff), {
  loading,
})

/** Back to an earlier revision: what changes, why, until when it is held. One button. */
export function RollbackDialog({
  release,
  revision,
  onClose,
}: {
  release: Release
  revision?: number
  onClose: () => void
}) {
  const revisions = useRevisions(release.id)
  return (
    <QueryView query={revisions} what="the history" loading={null}>
      {(items) => (
        <Choose release={release} targets={canGoBackTo(items, release.revision)} first={revision} onClose={onClose} />
      )}
    </QueryView>
  )
}

function Choose({
  release,
  targets,
  first,
  onClose,
}: {
  release: Release
  targets: readonly Revision[]
  first?: number
  onClose: () => void
}) {
  const [chosen, choose] = useState(first)
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const command = useCommand(rollbackRelease, { onDone: onClose })
  const target = targets.find((one) => one.revision === chosen) ?? targets[0]
  const why = reason.trim()
  const blocked = target ? why === '' && 'Say why first.' : 'There is no earlier revision to go back to.'
  const send = () => {
    if (!target || why === '') return
    const hold = until ? { holdUntil: new Date(until).toISOString() } : {}
    command.mutate({ params: { id: release.id }, body: { revision: target.revision, reason: why, ...hold } })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Roll back ${release.name}`}
      description={`${release.environment} · revision ${release.revision ?? 'none'} is deployed`}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="danger" busy={command.isPending} blocked={blocked} onClick={send}>
            {target ? `Roll back to revision ${target.revision}` : 'Roll back'}
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
        <p>
          One commit brings its document back, holds it there and refuses the version it leaves. If Git does not answer
          within two seconds, Helm goes back at once and the commit follows.
        </p>
        {target && (
          <>
            <Field label="Back to">
              {(parts) => (
                <Select {...parts} value={target.revision} onChange={(event) => choose(Number(event.target.value))}>
                  {targets.map((one) => (
                    <option key={one.revision} value={one.revision}>
                      {one.revision} · {versionsOf(one)}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Difference release={release} target={target} />
          </>
        )}
        <WhyField
          hint="The next person reads this; it stands in the hold."
          placeholder="Checkout answers 500 since 14:02"
          value={reason}
          onChange={setReason}
        />
        <UntilField label="Hold until" value={until} onChange={setUntil} />
      </form>
    </Dialog>
  )
}

function versionsOf({ images, chartVersion }: Revision): string {
  const tags = images.map(({ image }) => image.slice(image.lastIndexOf('/') + 1))
  return [...tags, `chart ${chartVersion}`].join(', ')
}

/** From what is deployed to what would be again, object by object. */
function Difference({ release, target }: { release: Release; target: Revision }) {
  const from = release.revision
  const diff = useDiff(release.id, from === undefined ? undefined : { from, to: target.revision, what: 'manifest' })
  if (from === undefined) return null
  return (
    <section aria-label="What would change" className="overflow-hidden rounded-md border border-line">
      <header className="flex flex-wrap items-baseline gap-x-2 border-b border-line bg-sunken px-3 py-1.5 text-xs text-muted">
        Revision {from} to {target.revision}, deployed <RelativeTime at={target.updatedAt} suffix />
      </header>
      <div className="max-h-64 overflow-auto">
        <QueryView query={diff} what="the difference" loading={loading()}>
          {(data) =>
            data.equal ? (
              <p className="px-4 py-6 text-center text-muted">Both have the same objects.</p>
            ) : (
              <ManifestDiff before={data.from.text} after={data.to.text} layout="unified" />
            )
          }
        </QueryView>
      </div>
    </section>
  )
}
