'use client'

import { useState } from 'react'
import type { AuditEvent } from '#lib/api/audit.ts'
import { Drawer } from '../ui/dialog.tsx'
import { Duration } from '../ui/duration.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { clockTime } from '../ui/time.ts'
import { EventDetails } from './event-details.tsx'
import { groupByOperation, stateOfEvent, withoutSettledIntents, wordsOfKind, type EventGroup } from './event-look.ts'

/** A timeline: what belongs to one operation stands together, its beginning at the bottom. */
export function EventGroups({ events }: { events: readonly AuditEvent[] }) {
  const [open, setOpen] = useState<AuditEvent>()
  return (
    <>
      <ol className="divide-y divide-line">
        {groupByOperation(withoutSettledIntents(events)).map((group) => (
          <li key={group.events[0]?.seq}>
            <Group group={group} onOpen={setOpen} />
          </li>
        ))}
      </ol>
      <Drawer
        open={open !== undefined}
        onOpenChange={() => setOpen(undefined)}
        title={open ? `Event ${open.seq}` : 'Event'}
      >
        {open && <EventDetails event={open} />}
      </Drawer>
    </>
  )
}

function Group({ group, onOpen }: { group: EventGroup; onOpen: (event: AuditEvent) => void }) {
  const newest = group.events[0]
  const oldest = group.events.at(-1)
  if (!newest || !oldest) return null
  return (
    <div className="px-2 py-2">
      <p className="flex flex-wrap items-center gap-x-2 px-2 pb-0.5 text-xs text-faint">
        <RelativeTime at={newest.at} suffix />
        <span>by {newest.actor}</span>
        {group.operation && (
          <span>
            operation <span className="mono">{group.operation.slice(-4)}</span> ·{' '}
            <Duration from={oldest.at} to={newest.at} />
          </span>
        )}
      </p>
      <ul>
        {group.events.map((event) => (
          <li key={event.seq}>
            <EventLine event={event} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function EventLine({ event, onOpen }: { event: AuditEvent; onOpen: (event: AuditEvent) => void }) {
  const { noun, what } = wordsOfKind(event.kind)
  return (
    <button
      type="button"
      onClick={() => onOpen(event)}
      className="grid w-full grid-cols-[18px_minmax(0,1fr)_auto] items-start gap-2 rounded-sm px-2 py-[5px] text-left hover:bg-sunken focus-visible:-outline-offset-2"
    >
      <StateIcon state={stateOfEvent(event)} label={null} className="mt-[3px] size-3.5" />
      <span>
        {noun} <span className="text-muted">{what}</span>{' '}
        {event.reason && <span className="ml-2 text-faint">{event.reason}</span>}
        {event.commit && <span className="mono text-faint"> {event.commit.slice(0, 7)}</span>}
      </span>
      <span className="mono text-faint max-sm:hidden" suppressHydrationWarning>
        {clockTime(event.at)}
      </span>
    </button>
  )
}
