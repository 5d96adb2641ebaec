'use client'

import type { HookDeliveryDetails } from '#lib/api/webhooks.ts'
import { QueryView } from '../live/query-view.tsx'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Fact } from '../ui/fact.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { absoluteTime } from '../ui/time.ts'
import { useHookDelivery, useReplayHookDelivery } from './use-webhooks.ts'
import { sizeWords, verdictState, verdictWords } from './webhook-words.ts'

/** Everything that is known of a delivery, and the button that has it handled once more. */
export function DeliveryView({ id }: { id: string }) {
  const delivery = useHookDelivery(id)
  return (
    <QueryView query={delivery} what="the delivery" loading={<SkeletonRows rows={6} label="Loading the delivery" />}>
      {(details) => <Details delivery={details} />}
    </QueryView>
  )
}

function Details({ delivery }: { delivery: HookDeliveryDetails }) {
  const replay = useReplayHookDelivery()
  const mayNot = useBlocked('webhooks:write')
  const isRefused = delivery.verdict.kind === 'refused'
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <StateIcon state={verdictState(delivery)} label={null} />
        <p className="min-w-0 flex-1">
          <b className="mono font-semibold">{delivery.event || 'no event'}</b> {verdictWords(delivery)}
        </p>
        <Button
          size="sm"
          busy={replay.isPending}
          blocked={
            mayNot ?? (isRefused && 'It was refused: nobody knows who sent it. Have the sender deliver it again.')
          }
          onClick={() => replay.mutate(delivery.id)}
        >
          <Glyph name="retry" /> Replay
        </Button>
      </div>
      <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-4 gap-y-2">
        <Fact name="When">{absoluteTime(delivery.at)}</Fact>
        {delivery.delivery && (
          <Fact name="Delivery">
            <span className="mono text-xs break-all">{delivery.delivery}</span>
          </Fact>
        )}
        <Fact name="Size">{sizeWords(delivery.size)}</Fact>
        <Fact name="Took">{delivery.durationMs} ms</Fact>
        {delivery.repeats > 0 && <Fact name="Came again">{delivery.repeats} times, not handled again</Fact>}
        {delivery.replayedBy && <Fact name="Replayed by">{delivery.replayedBy}</Fact>}
      </dl>
      <Part
        title="Headers"
        text={Object.entries(delivery.headers)
          .map(([name, value]) => `${name}: ${value}`)
          .join('\n')}
      />
      {delivery.payload === undefined ? (
        <p className="text-xs text-faint">
          {isRefused ? 'What is refused is not kept.' : 'There is no payload, or it was too large to keep.'}
        </p>
      ) : (
        <Part title="Payload" text={JSON.stringify(delivery.payload, undefined, 2)} />
      )}
    </div>
  )
}

function Part({ title, text }: { title: string; text: string }) {
  if (text === '') return null
  return (
    <div>
      <h3 className="eyebrow mb-1.5">{title}</h3>
      <pre className="overflow-x-auto rounded-sm border border-line bg-sunken p-3 font-mono text-xs break-words whitespace-pre-wrap">
        {text}
      </pre>
    </div>
  )
}
