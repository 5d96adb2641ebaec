'use client'

import { useState } from 'react'
import { QueryView } from '../live/query-view.tsx'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { HeartbeatDialog } from './heartbeat-dialog.tsx'
import { useHeartbeat, useRemoveHeartbeat } from './use-notifications.ts'

/** Whoever is dead cannot say so: another place notices when the call is missing. */
export function HeartbeatSection() {
  const heartbeat = useHeartbeat()
  const blocked = useBlocked('settings:write')
  const [editing, setEditing] = useState(false)
  const remove = useRemoveHeartbeat()
  const known = heartbeat.data?.heartbeat
  return (
    <Section
      title="Heartbeat"
      note="tells others that Wheelhouse is down: the worker calls an address while it is alive"
      aside={
        <>
          {known && (
            <Button size="sm" kind="danger" blocked={blocked} busy={remove.isPending} onClick={() => remove.mutate()}>
              Stop<span className="sr-only"> the heartbeat</span>
            </Button>
          )}
          <Button size="sm" blocked={blocked} onClick={() => setEditing(true)}>
            {known ? 'Change' : 'Set up'}
            <span className="sr-only"> the heartbeat</span>
          </Button>
        </>
      }
    >
      <QueryView
        query={heartbeat}
        what="the heartbeat"
        loading={<SkeletonRows rows={1} label="Loading the heartbeat" />}
      >
        {() =>
          known ? (
            <p className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
              <StateIcon state={known.last ? (known.last.outcome === 'sent' ? 'ok' : 'bad') : 'wait'} label={null} />
              <span className="mono font-medium break-all">{known.host}</span>
              <span className="text-muted">
                every {known.everyMinutes === 1 ? 'minute' : `${known.everyMinutes} minutes`}
              </span>
              {known.last ? (
                <span className={known.last.outcome === 'sent' ? 'text-faint' : 'text-bad'}>
                  called <RelativeTime at={known.last.at} suffix />: {known.last.reason}
                </span>
              ) : (
                <span className="text-faint">not called yet</span>
              )}
            </p>
          ) : (
            <p className="px-4 py-2.5 text-muted">
              None. A service such as Healthchecks or Uptime Kuma gives the address, and tells you when it is not
              called.
            </p>
          )
        }
      </QueryView>
      {editing && <HeartbeatDialog onClose={() => setEditing(false)} />}
    </Section>
  )
}
