'use client'

import { useQueryState } from 'nuqs'
import { useState } from 'react'
import type { Webhook } from '#lib/api/webhooks.ts'
import { QueryView } from '../live/query-view.tsx'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { Deliveries } from './hook-deliveries.tsx'
import { NewWebhookDialog, RemoveWebhookDialog, RotateWebhookDialog } from './webhook-dialogs.tsx'
import { useWebhooks } from './use-webhooks.ts'
import { kindWords, verdictState, verdictWords } from './webhook-words.ts'

/** Who tells Wheelhouse that something happened, and what they told. */
export function Webhooks() {
  const webhooks = useWebhooks()
  const blocked = useBlocked('webhooks:write')
  const [making, setMaking] = useState(false)
  const [shown, setShown] = useQueryState('hook')
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-[18px]">
      <Section
        title="Webhooks"
        note="a sign to look at once; what they say is never taken as a fact"
        aside={
          <Button kind="primary" size="sm" blocked={blocked} onClick={() => setMaking(true)}>
            <Glyph name="key" /> New webhook
          </Button>
        }
      >
        <QueryView query={webhooks} what="the webhooks" loading={<SkeletonRows rows={2} label="Loading" />}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon="sync" title="No webhook yet">
                Without one, pushes and images are found by polling. Make one here for GitHub or a registry, and enter
                its address and secret there.
              </EmptyState>
            ) : (
              <ul className="divide-y divide-line">
                {items.map((webhook) => (
                  <WebhookRow key={webhook.id} webhook={webhook} blocked={blocked} />
                ))}
              </ul>
            )
          }
        </QueryView>
      </Section>
      {(webhooks.data?.items.length ?? 0) > 0 && (
        <Deliveries hooks={webhooks.data?.items ?? []} shown={shown} onShow={(id) => void setShown(id)} />
      )}
      {making && <NewWebhookDialog onClose={() => setMaking(false)} />}
    </div>
  )
}

function WebhookRow({ webhook, blocked }: { webhook: Webhook; blocked: string | undefined }) {
  const [asking, ask] = useState<'rotate' | 'remove'>()
  const { name, kind, url, last } = webhook
  return (
    <li aria-label={name} className="grid gap-1.5 px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <StateIcon state={last ? verdictState(last) : 'none'} label={null} />
        <span className="font-medium max-sm:flex-1">{name}</span>
        <Chip>{kindWords[kind].label}</Chip>
        <span className="min-w-0 flex-1 text-faint max-sm:order-last max-sm:basis-full max-sm:pl-[26px]">
          {last ? (
            <>
              last <RelativeTime at={last.at} suffix />, {verdictWords(last)}
            </>
          ) : (
            'nothing came yet'
          )}
        </span>
        <Button size="sm" kind="quiet" blocked={blocked} onClick={() => ask('rotate')}>
          Rotate<span className="sr-only"> the secret of {name}</span>
        </Button>
        <Button size="sm" kind="danger" blocked={blocked} onClick={() => ask('remove')}>
          Remove<span className="sr-only"> {name}</span>
        </Button>
      </div>
      <div className="flex min-w-0 items-center gap-1 pl-[26px]">
        <span className="mono min-w-0 text-xs break-all text-muted">{url}</span>
        <CopyButton text={url} label={`Copy the address of ${name}`} />
      </div>
      {!last && <p className="pl-[26px] text-xs text-muted">{kindWords[kind].setup}</p>}
      <Notes webhook={webhook} />
      {asking === 'rotate' && <RotateWebhookDialog webhook={webhook} onClose={() => ask(undefined)} />}
      {asking === 'remove' && <RemoveWebhookDialog webhook={webhook} onClose={() => ask(undefined)} />}
    </li>
  )
}

function Notes({ webhook: { previousUntil, refused } }: { webhook: Webhook }) {
  return (
    <>
      {previousUntil !== undefined && (
        <p className="pl-[26px] text-xs text-wait">
          The secret before is accepted <RelativeTime at={previousUntil} suffix />, then no more.
        </p>
      )}
      {refused > 0 && (
        <p className="pl-[26px] text-xs text-bad">
          {refused} {refused === 1 ? 'delivery was' : 'deliveries were'} refused. If they came from the sender, its
          secret is another one: rotate, and enter the new one there.
        </p>
      )}
    </>
  )
}
