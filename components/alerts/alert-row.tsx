'use client'

import { useEffect, useRef, useState } from 'react'
import type { Alert } from '#lib/api/alerts.ts'
import { useBlocked } from '../session/use-me.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { classNames } from '../ui/class-names.ts'
import { Duration } from '../ui/duration.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { useNow } from '../ui/use-now.ts'
import { kindWords } from './kind-words.ts'
import { SilenceDialog } from './silence-dialog.tsx'
import { useAcknowledge } from './use-alerts.ts'

/** One incident. `pointedAt`: a message led here. */
export function AlertRow({ alert, pointedAt }: { alert: Alert; pointedAt: boolean }) {
  const recovered = alert.recoveredAt !== undefined
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (pointedAt) row.current?.scrollIntoView({ block: 'center' })
  }, [pointedAt])
  return (
    <li
      ref={row}
      className={classNames(
        'flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3 sm:flex-nowrap',
        pointedAt && 'bg-brass-wash',
      )}
    >
      <StateIcon
        state={recovered ? 'ok' : alert.severity === 'critical' ? 'bad' : 'wait'}
        label={recovered ? 'recovered' : alert.severity}
        className="mt-[3px] size-3.5"
      />
      <div className="min-w-0 flex-1 break-words max-sm:basis-[calc(100%-26px)]">
        <p className="font-semibold">{alert.title}</p>
        <p className="text-muted">{alert.detail}</p>
        {!recovered && (
          <p className="mt-0.5">
            <span className="text-faint">Next:</span> {alert.nextStep}
          </p>
        )}
        <Facts alert={alert} />
      </div>
      <Actions alert={alert} />
    </li>
  )
}

function Facts({ alert }: { alert: Alert }) {
  const recovered = alert.recoveredAt !== undefined
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-faint">
      <span>
        {recovered ? 'lasted' : 'for'} <Duration from={alert.openedAt} to={alert.recoveredAt} />
      </span>
      <span>
        opened <RelativeTime at={alert.openedAt} suffix />
      </span>
      {alert.environment && <span>{alert.environment}</span>}
      <span>{kindWords(alert.kind)}</span>
      {alert.acknowledgedBy && (
        <span>
          acknowledged by {alert.acknowledgedBy}
          {alert.acknowledgedAt !== undefined && (
            <>
              {' '}
              <RelativeTime at={alert.acknowledgedAt} suffix />
            </>
          )}
        </span>
      )}
      {alert.silencedUntil !== undefined && <Silenced until={alert.silencedUntil} />}
    </p>
  )
}

function Silenced({ until }: { until: number }) {
  const now = useNow(1000)
  if (until <= now) return null
  return (
    <Chip tone="held">
      silenced for <Duration from={now} to={until} />
    </Chip>
  )
}

function Actions({ alert }: { alert: Alert }) {
  const blocked = useBlocked('alerts:write')
  const acknowledge = useAcknowledge()
  const [silencing, setSilencing] = useState(false)
  const open = alert.recoveredAt === undefined
  const of = <span className="sr-only"> {alert.title}</span>
  return (
    <span className="flex flex-wrap items-center gap-1.5 max-sm:pl-[26px]">
      {open && alert.acknowledgedBy === undefined && (
        <Button size="sm" blocked={blocked} busy={acknowledge.isPending} onClick={() => acknowledge.mutate(alert.id)}>
          Acknowledge{of}
        </Button>
      )}
      {open && (
        <Button size="sm" kind="quiet" blocked={blocked} onClick={() => setSilencing(true)}>
          Silence{of}
        </Button>
      )}
      {alert.release && (
        <ButtonLink size="sm" href={`/releases/${encodeURIComponent(alert.release)}`}>
          Open{of}
        </ButtonLink>
      )}
      {silencing && <SilenceDialog alert={alert} onClose={() => setSilencing(false)} />}
    </span>
  )
}
