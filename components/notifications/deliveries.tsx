'use client'

import Link from 'next/link'
import type { Delivery } from '#lib/api/notifications.ts'
import { QueryView } from '../live/query-view.tsx'
import { Section } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { useChannels, useDeliveries } from './use-notifications.ts'

/** Every attempt to tell somebody, and what the other side answered. */
export function Deliveries() {
  const deliveries = useDeliveries()
  const channels = useChannels().data?.items ?? []
  const names = new Map(channels.map(({ id, name }) => [id, name]))
  return (
    <Section title="Deliveries" note="of the last 30 days, newest first">
      <QueryView
        query={deliveries}
        what="the deliveries"
        loading={<SkeletonRows rows={3} label="Loading the deliveries" />}
      >
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon="audit" title="Nothing was sent yet">
              Press the test button of a channel: the attempt stands here, with what was answered.
            </EmptyState>
          ) : (
            <Table label="Attempts">
              <thead>
                <tr>
                  <Th>When</Th>
                  <Th>To</Th>
                  <Th>What</Th>
                  <Th className="w-full">Answer</Th>
                  <Th>Took</Th>
                </tr>
              </thead>
              <tbody>
                {items.map((delivery) => (
                  <DeliveryRow key={delivery.id} delivery={delivery} channel={names.get(delivery.channel)} />
                ))}
              </tbody>
            </Table>
          )
        }
      </QueryView>
      <LoadMore
        more={deliveries.hasNextPage}
        busy={deliveries.isFetchingNextPage}
        onMore={() => void deliveries.fetchNextPage()}
      />
    </Section>
  )
}

const states = {
  sent: { state: 'ok', label: 'arrived' },
  failed: { state: 'bad', label: 'failed' },
  sending: { state: 'wait', label: 'under way, or cut short' },
} as const

function DeliveryRow({ delivery, channel }: { delivery: Delivery; channel: string | undefined }) {
  const { at, what, outcome, reason, tookMs, alert } = delivery
  return (
    <Tr>
      <Td className="text-faint">
        <RelativeTime at={at} suffix />
      </Td>
      <Td className="font-medium">{channel ?? 'a channel that is gone'}</Td>
      <Td>
        {alert === undefined ? (
          what
        ) : (
          <Link className="link" href={`/alerts?alert=${encodeURIComponent(alert)}`}>
            {what}
          </Link>
        )}
      </Td>
      <Td phone="line" className="max-w-0 truncate">
        <span className="flex max-w-full items-center gap-1.5">
          <StateIcon state={states[outcome].state} label={states[outcome].label} />
          <span className="truncate text-muted max-sm:whitespace-normal">{reason ?? states[outcome].label}</span>
        </span>
      </Td>
      <Td className="text-right text-faint" phone="hidden">
        {tookMs === undefined ? '' : `${tookMs} ms`}
      </Td>
    </Tr>
  )
}
