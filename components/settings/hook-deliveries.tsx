'use client'

import { useQueryState } from 'nuqs'
import type { HookDelivery, Webhook } from '#lib/api/webhooks.ts'
import { QueryView } from '../live/query-view.tsx'
import { Section } from '../ui/card.tsx'
import { Drawer } from '../ui/dialog.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Select } from '../ui/field.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { DeliveryView } from './hook-delivery-view.tsx'
import { useHookDeliveries } from './use-webhooks.ts'
import { sizeWords, verdictState, verdictWords } from './webhook-words.ts'

/** What came, newest first; `shown` = of one webhook alone. */
export function Deliveries({
  hooks,
  shown,
  onShow,
}: {
  hooks: readonly Webhook[]
  shown: string | null
  onShow: (hook: string | null) => void
}) {
  const deliveries = useHookDeliveries(shown)
  const [opened, setOpened] = useQueryState('delivery')
  return (
    <Section
      title="Deliveries"
      note="of the last 30 days"
      aside={
        hooks.length > 1 && (
          <Select
            aria-label="Webhook"
            value={shown ?? ''}
            onChange={(event) => onShow(event.target.value === '' ? null : event.target.value)}
          >
            <option value="">all webhooks</option>
            {hooks.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )
      }
    >
      <QueryView query={deliveries} what="the deliveries" loading={<SkeletonRows rows={4} label="Loading" />}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon="inbox" title="Nothing came yet">
              Set the webhook up at the sender; GitHub then sends a ping at once, which appears here by itself.
            </EmptyState>
          ) : (
            <DeliveryTable items={items} hooks={hooks} onOpen={(id) => void setOpened(id)} />
          )
        }
      </QueryView>
      <LoadMore
        more={deliveries.hasNextPage}
        busy={deliveries.isFetchingNextPage}
        onMore={() => void deliveries.fetchNextPage()}
      />
      <Drawer open={opened !== null} onOpenChange={() => void setOpened(null)} title="Delivery">
        {opened !== null && <DeliveryView key={opened} id={opened} />}
      </Drawer>
    </Section>
  )
}

function DeliveryTable({
  items,
  hooks,
  onOpen,
}: {
  items: readonly HookDelivery[]
  hooks: readonly Webhook[]
  onOpen: (id: string) => void
}) {
  const names = new Map(hooks.map(({ id, name }) => [id, name]))
  return (
    <Table label="List of deliveries">
      <thead>
        <tr>
          <Th>Event</Th>
          <Th>Webhook</Th>
          <Th className="w-full">What came of it</Th>
          <Th className="text-right">Size</Th>
          <Th className="text-right">Took</Th>
          <Th>When</Th>
        </tr>
      </thead>
      <tbody>
        {items.map((delivery) => (
          <Tr key={delivery.id}>
            <Td>
              <button type="button" className="link mono" onClick={() => onOpen(delivery.id)}>
                {delivery.event || 'no event'}
              </button>
            </Td>
            <Td className="text-muted">{names.get(delivery.hook)}</Td>
            <Td>
              <span className="flex items-center gap-1.5">
                <StateIcon state={verdictState(delivery)} label={null} />
                <span className="min-w-0 break-words">
                  {verdictWords(delivery)}
                  {delivery.repeats > 0 && <span className="text-faint"> · came {delivery.repeats + 1} times</span>}
                  {delivery.replayedBy && <span className="text-faint"> · replayed by {delivery.replayedBy}</span>}
                </span>
              </span>
            </Td>
            <Td phone="hidden" className="text-right text-faint tabular-nums">
              {sizeWords(delivery.size)}
            </Td>
            <Td phone="hidden" className="text-right text-faint tabular-nums">
              {delivery.durationMs} ms
            </Td>
            <Td phone="end" className="text-faint">
              <RelativeTime at={delivery.at} suffix />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}
