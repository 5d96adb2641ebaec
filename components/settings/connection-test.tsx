'use client'

import type { Connection } from '#lib/api/connection.ts'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { stepNames, stepStates } from './connection-words.ts'
import { useTestConnection } from './use-connection.ts'

/** What the last test of the connection found, step by step, and the button for another one. */
export function ConnectionTest({ test }: { test: Connection['test'] }) {
  const blocked = useBlocked('settings:write')
  const run = useTestConnection()
  return (
    <Section
      title="Test"
      note={
        test && (
          <>
            <RelativeTime at={test.at} suffix /> by {test.by}
          </>
        )
      }
      aside={
        <Button size="sm" blocked={blocked} busy={run.isPending} onClick={() => run.mutate({})}>
          Test connection
        </Button>
      }
    >
      {test ? (
        <ul className="divide-y divide-line">
          {test.steps.map(({ name, state, words, suggestion }) => (
            <li key={name} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5 px-4 py-2">
              <span className="pt-[3px]">
                <StateIcon state={stepStates[state]} label={state} />
              </span>
              <div className="min-w-0">
                <span className="font-medium">{stepNames[name]}</span>
                <p className="break-words text-muted">{words}</p>
                {suggestion && state !== 'ok' && <p className="text-xs text-faint">{suggestion}</p>}
              </div>
            </li>
          ))}
        </ul>
      ) : (
        <p className="px-4 py-3 text-muted">
          The worker fetches, tries a push beside the branches, and asks GitHub for its permissions. While every
          environment is only observed, nothing is written.
        </p>
      )}
    </Section>
  )
}
