'use client'

import Link from 'next/link'
import type { AuditEvent } from '#lib/api/audit.ts'
import { describeEvent } from '#lib/core/event/index.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Fact } from '../ui/fact.tsx'
import { absoluteTime } from '../ui/time.ts'
import { subjectWords } from './subject-words.ts'

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, undefined, 2))

/** Everything an event says: before and after first, its place in the chain last. */
export function EventDetails({ event }: { event: AuditEvent }) {
  const { before, after, ...rest } = event.data
  const { what, detail } = describeEvent(event)
  return (
    <div className="grid gap-4">
      <p className="text-md">
        <b className="font-semibold">{what}</b> {detail && <span className="text-muted">{detail}</span>}
      </p>
      <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-4 gap-y-2">
        <Fact name="Kind">
          <span className="mono">{event.kind}</span>
        </Fact>
        <Fact name="When">{absoluteTime(event.at)}</Fact>
        <Fact name="Who">{event.actor}</Fact>
        <Fact name="About">
          {event.release ? (
            <Link className="link" href={`/releases/${encodeURIComponent(event.release)}`}>
              {subjectWords(event.subject).name}
            </Link>
          ) : (
            event.subject
          )}
        </Fact>
        {event.environment && <Fact name="Environment">{event.environment}</Fact>}
        {event.revision !== undefined && <Fact name="Revision">{event.revision}</Fact>}
        {event.commit && (
          <Fact name="Commit">
            <Code value={event.commit} />
          </Fact>
        )}
        {event.operation && (
          <Fact name="Operation">
            <Link className="link mono" href={`/audit?operation=${encodeURIComponent(event.operation)}`}>
              {event.operation}
            </Link>
          </Fact>
        )}
      </dl>
      {(before !== undefined || after !== undefined) && (
        <div className="overflow-x-auto rounded-sm border border-line font-mono text-xs leading-[1.65]">
          {before !== undefined && <pre className="bg-del px-3 py-1.5 whitespace-pre-wrap">- {text(before)}</pre>}
          {after !== undefined && <pre className="bg-add px-3 py-1.5 whitespace-pre-wrap">+ {text(after)}</pre>}
        </div>
      )}
      {Object.keys(rest).length > 0 && (
        <pre className="overflow-x-auto rounded-sm border border-line bg-sunken p-3 font-mono text-xs whitespace-pre-wrap">
          {text(rest)}
        </pre>
      )}
      <div>
        <h3 className="eyebrow mb-1.5">Place in the chain</h3>
        <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-4 gap-y-2">
          <Fact name="Number">{event.seq}</Fact>
          <Fact name="Hash">
            <Code value={event.hash} />
          </Fact>
          <Fact name="After">
            <Code value={event.previousHash} />
          </Fact>
        </dl>
      </div>
    </div>
  )
}

function Code({ value }: { value: string }) {
  return (
    <span className="flex items-start gap-1">
      <span className="mono min-w-0 text-xs break-all">{value}</span>
      <CopyButton text={value} />
    </span>
  )
}
