'use client'

import { retryRelease } from '#lib/api/release-commands.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import type { Diagnosis } from '#lib/api/releases.ts'
import { useCommand } from '../commands/use-command.ts'
import { Button } from '../ui/button.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { useActionBlocks } from './use-action-blocks.ts'
import { useAsked } from './use-asked.ts'

/** A stuck or failed release: what happened, why, what next, and the one click that helps. */
export function DiagnosisBox({ release, diagnosis }: { release: Release; diagnosis: Diagnosis }) {
  return (
    <section
      aria-label="What is wrong"
      className="rounded-sm border border-l-[3px] border-line border-l-bad bg-surface px-4 py-3"
    >
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="flex min-w-0 flex-1 basis-72 items-start gap-2.5">
          <StateIcon state="bad" label={null} className="mt-[3px] size-4" />
          <div className="min-w-0">
            <h2>{diagnosis.what}</h2>
            <p className="mt-0.5 break-words text-bad">{diagnosis.why}</p>
            <p className="mt-1.5">
              <span className="text-faint">Next</span> {diagnosis.next}
            </p>
          </div>
        </div>
        <Remedy release={release} offer={diagnosis.offer} />
      </div>
    </section>
  )
}

function Remedy({ release, offer }: { release: Release; offer: Diagnosis['offer'] }) {
  const blockedOf = useActionBlocks(release)
  const retry = useCommand(retryRelease)
  const [, ask] = useAsked()
  switch (offer) {
    case 'retry':
      return (
        <Button
          kind="primary"
          busy={retry.isPending}
          blocked={blockedOf('retry') ?? (release.asked === 'retry' && 'Asked already; the worker takes it up.')}
          onClick={() => retry.mutate({ params: { id: release.id }, body: {} })}
        >
          {!retry.isPending && <Glyph name="retry" />}
          Retry now
        </Button>
      )
    case 'unlock':
      return (
        <Button kind="primary" blocked={blockedOf('unlock-pending')} onClick={() => void ask({ do: 'unlock-pending' })}>
          <Glyph name="unlock" />
          Unlock and go on
        </Button>
      )
    case 'none':
      return null
  }
}
