'use client'

import type { Silence } from '#lib/api/alerts.ts'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { Duration } from '../ui/duration.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { useNow } from '../ui/use-now.ts'
import { kindWords } from './kind-words.ts'
import { useEndSilence, useOpenAlerts, useSilences } from './use-alerts.ts'

/** What nobody is told of now; nothing where there is none. */
export function Silences() {
  const silences = useSilences()
  const now = useNow(1000)
  const items = (silences.data?.items ?? []).filter(({ until }) => until > now)
  if (items.length === 0) return null
  return (
    <Section title="Silenced" note="shown here, told to nobody">
      <ul className="divide-y divide-line">
        {items.map((silence) => (
          <Row key={silence.id} silence={silence} now={now} />
        ))}
      </ul>
    </Section>
  )
}

function Row({ silence, now }: { silence: Silence; now: number }) {
  const blocked = useBlocked('alerts:write')
  const end = useEndSilence()
  const about = useScopeWords(silence)
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
      <StateIcon state="held" label={null} />
      <span className="font-medium break-words">{about}</span>
      <span className="text-muted">
        for another <Duration from={now} to={silence.until} />
      </span>
      <span className="min-w-0 flex-1 break-words text-faint max-sm:basis-full">
        {silence.reason} · {silence.createdBy}
      </span>
      <Button size="sm" blocked={blocked} busy={end.isPending} onClick={() => end.mutate(silence.id)}>
        End<span className="sr-only"> the silence on {about}</span>
      </Button>
    </li>
  )
}

/** A release by the name people know, where it is known here. */
function useScopeWords({ kind, environment, application, release }: Silence): string {
  const alerts = useOpenAlerts().data?.items ?? []
  const known = alerts.find((alert) => alert.release === release)
  const parts = [
    kind && kindWords(kind),
    release && (known?.application ? `${known.application} in ${known.environment}` : `release ${release}`),
    application,
    environment && `in ${environment}`,
  ]
  return parts.filter(Boolean).join(' · ')
}
