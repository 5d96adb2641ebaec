'use client'

import type { WhyNot } from '#lib/api/releases.ts'
import { QueryView } from '../live/query-view.tsx'
import { TimedText } from '../promotions/timed-text.tsx'
import { classNames } from '../ui/class-names.ts'
import { Drawer } from '../ui/dialog.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon, stateText, type State } from '../ui/state-icon.tsx'
import { useWhyNot } from './use-images.ts'
import { overallState, stagesOf, type SeenStage, type SeenStep } from './why-not-look.ts'

/** Why one tag does not run here, or how far it has come: every gate in order, with its evidence. */
export function WhyNotDrawer({
  id,
  container,
  tag,
  onClose,
}: {
  id: string
  container: string
  tag: string
  onClose: () => void
}) {
  const answer = useWhyNot(id, { tag, container })
  return (
    <Drawer open onOpenChange={(open) => !open && onClose()} title={`Why ${tag}?`}>
      <QueryView query={answer} what="the gates" loading={<SkeletonRows rows={12} label="Loading the gates" />}>
        {(data) => <Answer answer={data} />}
      </QueryView>
    </Drawer>
  )
}

const washes: Record<State, string> = {
  ok: 'bg-ok-wash',
  run: 'bg-run-wash',
  wait: 'bg-wait-wash',
  bad: 'bg-bad-wash',
  held: 'bg-held-wash',
  none: 'bg-sunken',
}

function Answer({ answer }: { answer: WhyNot }) {
  const stages = stagesOf(answer.steps)
  const state = overallState(stages)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div>
        <p className="mb-2 text-xs text-faint">
          <span className="mono">{answer.container}</span> in{' '}
          <b className="font-medium text-muted">{answer.environment}</b>, from{' '}
          <span className="mono">{answer.repository}</span>
        </p>
        <p aria-live="polite" className={classNames('flex gap-2.5 rounded-md px-3 py-2.5', washes[state])}>
          <StateIcon state={state} label={null} className="mt-[2px] size-4" />
          <span className="min-w-0 font-medium">
            <TimedText text={answer.summary} />
          </span>
        </p>
        <Meter stages={stages} />
      </div>
      {stages.map((stage) => (
        <Stage key={stage.title} stage={stage} />
      ))}
    </div>
  )
}

const fills: Record<State, string> = {
  ok: 'bg-ok',
  run: 'bg-run',
  wait: 'bg-wait',
  bad: 'bg-bad',
  held: 'bg-held',
  none: 'bg-line-strong',
}

/** All gates at a glance; the list below says the same in words. */
function Meter({ stages }: { stages: readonly SeenStage[] }) {
  const steps = stages.flatMap((stage) => stage.steps)
  const passed = steps.filter(({ verdict }) => verdict === 'passed').length
  return (
    <div className="mt-2.5 flex items-center gap-3">
      <div aria-hidden="true" className="flex min-w-0 flex-1 gap-2">
        {stages.map((stage) => (
          <span key={stage.title} className="flex gap-[3px]" style={{ flexGrow: stage.steps.length }}>
            {stage.steps.map(({ gate, state }) => (
              <i key={gate} className={classNames('h-1 flex-1 rounded-full', fills[state])} />
            ))}
          </span>
        ))}
      </div>
      <span className="text-xs text-faint">
        {passed} of {steps.length} passed
      </span>
    </div>
  )
}

function Stage({ stage }: { stage: SeenStage }) {
  return (
    <section aria-label={stage.title}>
      <h3 className="eyebrow mb-1">{stage.title}</h3>
      <ol>
        {stage.steps.map((step, at) => (
          <Step key={step.gate} step={step} isLast={at === stage.steps.length - 1} />
        ))}
      </ol>
    </section>
  )
}

function Step({ step, isLast }: { step: SeenStep; isLast: boolean }) {
  const { verdict, state, words } = step
  const stands = verdict === 'blocked'
  return (
    <li
      className={classNames(
        'relative -mx-2 grid grid-cols-[16px_minmax(0,1fr)] gap-x-2.5 rounded-sm px-2',
        stands ? `my-0.5 py-2 ${washes[state]}` : 'py-1',
      )}
    >
      {!isLast && (
        <span
          aria-hidden="true"
          className={classNames('absolute -bottom-1 left-[15.5px] w-px bg-line-strong', stands ? 'top-7' : 'top-6')}
        />
      )}
      <StateIcon state={state} label={verdict === 'passed' ? 'passed' : null} className="mt-[2px] size-4" />
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className={classNames(stands || state === 'run' ? 'font-semibold' : 'font-medium')}>{step.name}</span>
          {words && <span className={classNames('text-xs', stateText[state])}>{words}</span>}
          {step.nextEvaluation !== undefined && (
            <span className="ml-auto text-xs text-faint">
              next look <RelativeTime at={step.nextEvaluation} suffix />
            </span>
          )}
        </p>
        <p className={classNames('text-xs', stands ? 'text-fg' : 'text-muted')}>
          <TimedText text={step.evidence} />
        </p>
      </div>
    </li>
  )
}
