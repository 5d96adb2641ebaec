'use client'

import { useState } from 'react'
import type { AuditEvent } from '#lib/api/audit.ts'
import { describeEvent } from '#lib/core/event/index.ts'
import { shortName } from '../session/short-name.ts'
import { Drawer } from '../ui/dialog.tsx'
import { Duration } from '../ui/duration.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { clockTime } from '../ui/time.ts'
import { EventDetails } from './event-details.tsx'
import { groupByOperation, stateOfEvent, withoutSettledIntents, type EventGroup } from './event-look.ts'

/** A timeline: what belongs to one operation stands together, its beginning at the bottom. */
export function EventGroups({ events }: { events: readonly AuditEvent[] }) {
  const [open, setOpen] = useState<AuditEvent>()
  return (
    <>
      <ol className="divide-y divide-line">
        {groupByOperation(withoutSettledIntents(events)).map((group) => (
          <li key={group.events[0]?.seq}>
            <Group group={group} begunAt={firstOf(events, group)?.at} onOpen={setOpen} />
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

/** The oldest event of the operation that is known, its intents included. */
const firstOf = (events: readonly AuditEvent[], { operation, events: own }: EventGroup): AuditEvent | undefined =>
  operation === undefined ? own.at(-1) : events.findLast((event) => event.operation === operation)

function Group({
  group,
  begunAt,
  onOpen,
}: {
  group: EventGroup
  begunAt: number | undefined
  onOpen: (event: AuditEvent) => void
}) {
  const newest = group.events[0]
  const oldest = group.events.at(-1)
  if (!newest || !oldest) return null
  return (
    <div className="px-2 py-2">
      <p className="flex flex-wrap items-center gap-x-2 px-2 pb-0.5 text-xs text-faint">
        <RelativeTime at={newest.at} suffix />
        <span>by {shortName(oldest.actor)}</span>
        {group.operation && (
          <span>
            operation <span className="mono">{group.operation.slice(-4)}</span> ·{' '}
            <Duration from={begunAt ?? oldest.at} to={newest.at} />
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
  const { what, detail } = describeEvent(event)
  return (
    <button
      type="button"
      onClick={() => onOpen(event)}
      className="grid w-full grid-cols-[18px_minmax(0,1fr)_auto] items-start gap-2 rounded-sm px-2 py-[5px] text-left hover:bg-sunken focus-visible:-outline-offset-2"
    >
      <StateIcon state={stateOfEvent(event)} label={null} className="mt-[3px] size-3.5" />
      <span>
        {what} {detail && <span className="ml-1 text-faint">{detail}</span>}
      </span>
      <span className="mono text-faint max-sm:hidden" suppressHydrationWarning>
        {clockTime(event.at)}
      </span>
    </button>
  )
}
