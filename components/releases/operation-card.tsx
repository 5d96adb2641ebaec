'use client'

import type { Operation, OperationStep, Release } from '#lib/api/release-schemas.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Duration } from '../ui/duration.tsx'
import { StateIcon, type State } from '../ui/state-icon.tsx'
import { clockTime, duration } from '../ui/time.ts'

const stepStates: Record<OperationStep['state'], State> = { done: 'ok', running: 'run', failed: 'bad', waiting: 'none' }

const titles: Record<Operation['state'], string> = {
  decided: 'Change decided',
  committed: 'Change committed',
  running: 'Upgrade in progress',
  succeeded: 'Last change',
  failed: 'Last change failed',
  superseded: 'Last change was superseded',
  refused: 'Last change was refused',
}

/** `+0.21 s` after the first step; the first shows its time of day. */
function offset(at: number, first: number): string {
  return at === first ? clockTime(at) : `+${duration(at - first)}`
}

/** Open, although its release failed and waits or was given up. */
const isStranded = (operation: Operation, release: Release) =>
  operation.endedAt === undefined && (release.phase === 'failed' || release.phase === 'blocked')

/** One operation, step by step with times, while it runs and after. */
export function OperationCard({
  operation,
  release,
}: {
  operation: Operation & { steps: readonly OperationStep[] }
  release: Release
}) {
  const stranded = isStranded(operation, release)
  const title = stranded ? 'Change not deployed yet' : titles[operation.state]
  // A decision is a step of its own and says the reason there; so does the Helm run that failed.
  const told = operation.steps.some((step) => step.detail !== undefined && operation.reason.endsWith(step.detail))
  const first = operation.steps.find((step) => step.at !== undefined)?.at ?? operation.createdAt
  return (
    <section aria-label={title} className="rounded-md border border-line bg-surface px-4 py-3">
      <div className="mb-2 flex flex-wrap items-center gap-x-2 gap-y-1">
        <h2>{title}</h2>
        <span className="flex items-center gap-1 text-faint">
          operation <span className="mono">{operation.id.slice(-4)}</span>
          <CopyButton text={operation.id} label="Copy the operation's id" />·{' '}
          <Duration from={operation.createdAt} to={operation.endedAt ?? (stranded ? release.phaseSince : undefined)} />
        </span>
        <span className="text-faint">by {operation.actor}</span>
      </div>
      {!told && <p className="mb-1 text-muted">{operation.reason}</p>}
      <ol aria-live="polite">
        {operation.steps.map((step) => (
          <li
            key={`${step.name}-${step.at ?? 'next'}`}
            className="grid grid-cols-[18px_minmax(0,1fr)_auto] items-start gap-2 py-[5px]"
          >
            <StateIcon state={stepStates[step.state]} label={step.state} className="mt-[3px] size-3.5" />
            <span>
              {step.name} {step.detail && <span className="text-faint">{step.detail}</span>}
            </span>
            <span className="mono text-faint" suppressHydrationWarning>
              {step.at === undefined ? '' : offset(step.at, first)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
