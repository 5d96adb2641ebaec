'use client'

import type { AuditEvent } from '#lib/api/audit.ts'
import { describeEvent } from '#lib/core/event/index.ts'
import { shortName } from '../session/short-name.ts'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { stateOfEvent, wordsOfKind } from './event-look.ts'
import { subjectWords } from './subject-words.ts'

export function AuditTable({ events, onOpen }: { events: readonly AuditEvent[]; onOpen: (seq: number) => void }) {
  return (
    <Table label="Events">
      <thead>
        <tr>
          <Th>When</Th>
          <Th>What</Th>
          <Th className="w-full">Why</Th>
          <Th>Who</Th>
          <Th>About</Th>
          <Th>Commit</Th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <Tr key={event.seq} className="cursor-pointer" onClick={() => onOpen(event.seq)}>
            <Td className="text-faint">
              <RelativeTime at={event.at} />
            </Td>
            <Td>
              <button
                type="button"
                aria-label={`Open event ${event.seq}, ${event.kind}`}
                className="flex items-center gap-2 rounded-sm"
              >
                <StateIcon state={stateOfEvent(event)} label={null} />
                <Kind kind={event.kind} />
              </button>
            </Td>
            <Td phone="line" className="max-w-0 min-w-52 truncate text-muted max-sm:line-clamp-2" title={event.reason}>
              {whyOf(event)}
            </Td>
            <Td title={event.actor}>{shortName(event.actor)}</Td>
            <Td className="max-w-64 truncate" title={event.subject}>
              <Subject event={event} />
            </Td>
            <Td className="mono text-faint">{event.commit?.slice(0, 7)}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}

/** The commit has a column of its own. */
function whyOf(event: AuditEvent): string | undefined {
  const { detail } = describeEvent(event)
  return event.reason ?? (detail === event.commit?.slice(0, 7) ? undefined : detail)
}

function Subject({ event }: { event: AuditEvent }) {
  // A session's subject is the id of a person whose name stands under Who.
  if (event.kind.startsWith('session.')) return null
  const { name, namespace } = subjectWords(event.subject)
  return (
    <>
      {name} {namespace && <span className="text-faint">{namespace}</span>}
    </>
  )
}

function Kind({ kind }: { kind: string }) {
  const { noun, what } = wordsOfKind(kind)
  return (
    <span>
      {noun} <span className="text-muted">{what}</span>
    </span>
  )
}
