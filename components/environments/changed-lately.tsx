'use client'

import Link from 'next/link'
import type { Matrix } from '#lib/api/environments.ts'
import type { Operation, Release } from '#lib/api/release-schemas.ts'
import { standingOf } from '../releases/release-state.ts'
import { ButtonLink } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { Duration } from '../ui/duration.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StateIcon, type State } from '../ui/state-icon.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { useNow } from '../ui/use-now.ts'
import { causeWords } from './cause-words.ts'
import { releasesOf } from './matrix-rows.ts'
import { useChanges } from './use-changes.ts'

const hourMs = 3_600_000
const atMost = 10

/** What was changed in the last hour, newest first: what led to it, who, which commit and how it went. */
export function ChangedLately({ matrix }: { matrix?: Matrix }) {
  const now = useNow(60_000)
  const changes = useChanges().data?.items ?? []
  const releases = new Map((matrix ? releasesOf(matrix) : []).map((release) => [release.id, release]))
  const shown = changes
    .flatMap((operation) => {
      const release = releases.get(operation.release ?? '')
      return release && now - (operation.endedAt ?? operation.createdAt) < hourMs ? [{ operation, release }] : []
    })
    .slice(0, atMost)
  if (shown.length === 0) return null
  return (
    <div className="mt-7">
      <Section title="Changed in the last hour">
        <Table label="Changes of the last hour">
          <thead>
            <tr>
              <Th>Release</Th>
              <Th className="w-full">What led to it</Th>
              <Th>By</Th>
              <Th>Commit</Th>
              <Th className="text-right">Took</Th>
              <Th className="text-right">When</Th>
              <Th>
                <span className="sr-only">Undo</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {shown.map((change) => (
              <Change key={change.operation.id} {...change} />
            ))}
          </tbody>
        </Table>
      </Section>
    </div>
  )
}

function Change({ operation, release }: { operation: Operation; release: Release }) {
  const { what, by } = causeWords(operation)
  const state = stateOfChange(operation, release)
  return (
    <Tr>
      <Td>
        <span className="flex items-center gap-2.5">
          <StateIcon state={state} label={stateWords[state]} />
          <Link href={`/releases/${encodeURIComponent(release.id)}/history`} className="font-medium hover:underline">
            {release.name}
          </Link>
          {operation.revision !== undefined && <span className="text-faint">rev {operation.revision}</span>}
        </span>
      </Td>
      <Td phone="line" className="max-w-0 min-w-40 truncate text-muted" title={operation.reason}>
        {what}
      </Td>
      <Td>{by}</Td>
      <Td className="mono text-faint">{operation.commit?.slice(0, 7)}</Td>
      <Td className="text-right text-faint">
        {operation.endedAt !== undefined && <Duration from={operation.createdAt} to={operation.endedAt} />}
      </Td>
      <Td phone="end" className="text-right text-faint">
        <RelativeTime at={operation.endedAt ?? operation.createdAt} suffix />
      </Td>
      <Td>
        {isDeployed(operation, release) && (
          <ButtonLink size="sm" href={`/releases/${encodeURIComponent(release.id)}/history?do=rollback`}>
            Undo<span className="sr-only"> the change of {release.name}</span>
          </ButtonLink>
        )}
      </Td>
    </Tr>
  )
}

/** Only what runs can be undone, and only where something ran before. */
function isDeployed({ revision }: Operation, release: Release): boolean {
  return revision !== undefined && revision > 1 && revision === release.revision && !release.emergency
}

const stateWords: Record<State, string> = {
  ok: 'done',
  run: 'under way',
  wait: 'waiting',
  bad: 'failed',
  held: 'held',
  none: 'overtaken',
}

/** One that is still open where its release failed is not under way any more. */
function stateOfChange(operation: Operation, release: Release): State {
  switch (operation.state) {
    case 'succeeded':
      return 'ok'
    case 'failed':
    case 'refused':
      return 'bad'
    case 'superseded':
      return 'none'
    case 'decided':
    case 'committed':
    case 'running': {
      const { state } = standingOf(release)
      return state === 'bad' ? 'bad' : state === 'wait' || state === 'held' ? 'wait' : 'run'
    }
  }
}
