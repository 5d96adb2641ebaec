'use client'

import { useDeferredValue, useState } from 'react'
import type { ReleaseContainer } from '#lib/api/images.ts'
import type { PolicySimulation } from '#lib/api/policies.ts'
import { setPolicy } from '#lib/api/release-commands.ts'
import { useCommand } from '../commands/use-command.ts'
import { VerdictMark } from '../images/verdict.tsx'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { PolicyPast } from './policy-past.tsx'
import { useReplay, useSimulation } from './use-simulation.ts'

/** The field that a press of the button brought into the page. */
const focus = (field: HTMLInputElement | null): void => field?.focus()

const shownVerdicts = 12

/** Try a filter over the known tags; what it would choose is said by the automation's own engine. Then write it. */
export function PolicySimulator({
  id,
  environment,
  container,
}: {
  id: string
  environment: string | undefined
  container: ReleaseContainer
}) {
  const [pattern, setPattern] = useState(container.policy ?? 'glob:*')
  const [message, setMessage] = useState('')
  const tried = useDeferredValue(pattern)
  const { known, simulation } = useSimulation(container.repository, tried, container.tag)
  const past = useReplay(id, container.container, tried).data
  const role = useBlocked('policies:write', environment)
  const write = useCommand(setPolicy)
  const problem = simulation.data?.problem
  // A filter that can be read may still decide nothing beside the tag that runs; whoever knows that may write it.
  const unreadable = problem?.code.startsWith('policy-order-') ? undefined : problem
  const missing = role ?? whatIsMissing(pattern, container.policy, unreadable?.message)
  const send = (next: string | null) =>
    write.mutate({
      params: { id },
      body: { container: container.container, pattern: next, ...(message.trim() ? { message: message.trim() } : {}) },
    })
  return (
    <form
      className="grid grid-cols-[minmax(0,1fr)] gap-4 border-t border-line bg-sunken px-4 py-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (!missing) send(pattern.trim())
      }}
    >
      <div className="grid gap-4 md:grid-cols-2">
        <Field
          label="Filter to try"
          hint="glob:dev-*, semver:~0.4, regexp:^v1\."
          error={unreadable && `${unreadable.message} ${unreadable.suggestion ?? ''}`}
        >
          {(parts) => (
            <Input
              {...parts}
              ref={focus}
              spellCheck={false}
              value={pattern}
              onChange={(event) => setPattern(event.target.value)}
              className="font-mono"
            />
          )}
        </Field>
        <Field label="Why (goes into the commit and the audit)" hint="May stay empty.">
          {(parts) => (
            <Input {...parts} value={message} maxLength={500} onChange={(event) => setMessage(event.target.value)} />
          )}
        </Field>
      </div>
      <div aria-live="polite">
        {problem && !unreadable && (
          <p className="flex items-start gap-2">
            <StateIcon state="wait" label={null} className="mt-[3px] size-3.5" />
            <span>
              {problem.message} <span className="text-muted">{problem.suggestion}</span>
            </span>
          </p>
        )}
        {simulation.data && !problem && (
          <Outcome simulation={simulation.data} current={container.tag} of={known.data?.length ?? 0} />
        )}
      </div>
      {past && !past.problem && <PolicyPast past={past} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="primary" blocked={missing} busy={write.isPending}>
          Commit this policy
        </Button>
        {container.policy && (
          <Button kind="quiet" blocked={role} onClick={() => send(null)}>
            Remove the filter
          </Button>
        )}
      </div>
    </form>
  )
}

function whatIsMissing(pattern: string, written: string | undefined, problem: string | undefined): string | undefined {
  if (pattern.trim() === '') return 'Write a filter first.'
  if (pattern.trim() === written) return 'This is the filter already written.'
  return problem
}

function Outcome({
  simulation,
  current,
  of,
}: {
  simulation: PolicySimulation
  current: string | undefined
  of: number
}) {
  const matching = simulation.verdicts.filter((one) => one.verdict !== 'not-matched' && one.verdict !== 'unparseable')
  const { selected } = simulation
  const stays = current !== undefined && (selected === null || selected === current)
  return (
    <div>
      <p className="mb-2 flex items-center gap-2">
        <StateIcon state={selected === null && !stays ? 'none' : 'ok'} label={null} />
        <span>
          {stays ? (
            <>
              Would stay at <b className="mono font-semibold">{current}</b>.
            </>
          ) : selected === null ? (
            'Would choose nothing.'
          ) : (
            <>
              Would choose <b className="mono font-semibold">{selected}</b>
              {current && <span className="text-muted"> instead of {current}</span>}.
            </>
          )}{' '}
          <span className="text-faint">
            {matching.length} of {of} known tags match.
          </span>
        </span>
      </p>
      <ul className="divide-y divide-line rounded-sm border border-line bg-surface">
        {matching.slice(0, shownVerdicts).map((one) => (
          <li key={one.tag} className="flex min-h-8 flex-wrap items-center gap-x-2.5 px-3 py-1">
            <span className="mono font-medium">{one.tag}</span>
            <VerdictMark verdict={one.verdict} />
            <span className="min-w-0 flex-1 truncate text-muted">{one.reason}</span>
          </li>
        ))}
        {matching.length === 0 && (
          <li className="px-3 py-4 text-center text-muted">No known tag matches this filter.</li>
        )}
      </ul>
    </div>
  )
}
