'use client'

import type { ReactNode } from 'react'
import { TimedText } from '../promotions/timed-text.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { Banner } from '../ui/banner.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import type { InboxItem } from './inbox-items.ts'
import { useInbox } from './use-inbox.ts'

/** What waits for the person who is signed in, each with the way to where it is decided. */
export function InboxPage() {
  const { sections, count, isLoading, missing } = useInbox()
  const chip = count > 0 ? <Chip tone="wait">{count} for you</Chip> : <Chip tone="ok">nothing waits</Chip>
  return (
    <>
      <PageHead title="Inbox" chips={!isLoading && missing.length === 0 && chip} />
      {missing.length > 0 && (
        <Banner state="wait">
          <b className="font-semibold">Not everything could be looked at.</b>{' '}
          <span className="text-muted">No answer about: {missing.join(', ')}.</span>
        </Banner>
      )}
      {sections.map(({ title, items }) => (
        <section key={title} aria-label={title} className="mb-4">
          <h2 className="eyebrow mb-1.5 flex gap-1.5 px-1">
            {title} <span className="font-normal">{items.length}</span>
          </h2>
          <Card className="overflow-hidden">
            <ul className="divide-y divide-line">
              {items.map((item) => (
                <ItemRow key={item.id} item={item} />
              ))}
            </ul>
          </Card>
        </section>
      ))}
      {count === 0 && (
        <Card>
          {isLoading ? <SkeletonRows rows={4} label="Loading the inbox" /> : missing.length === 0 && <AllDone />}
        </Card>
      )}
    </>
  )
}

function ItemRow({ item }: { item: InboxItem }) {
  return (
    <li className="grid grid-cols-[14px_minmax(0,1fr)] items-start gap-x-3 gap-y-2 px-4 py-3 sm:grid-cols-[14px_minmax(0,1fr)_auto]">
      <StateIcon state={item.state} label={null} className="mt-[3px] size-3.5" />
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <b className="font-semibold">{item.subject}</b>
          <span className="text-muted">{item.about}</span>
          <RelativeTime at={item.since} suffix className="text-xs whitespace-nowrap text-faint" />
        </p>
        <p className="mt-0.5 line-clamp-3 text-xs text-muted sm:line-clamp-2">
          <TimedText text={item.why} />
        </p>
      </div>
      <ButtonLink
        size="sm"
        href={item.href}
        className="justify-self-start max-sm:col-start-2 max-sm:h-8 max-sm:px-3 sm:mt-1"
      >
        {item.action}
        <span className="sr-only">
          : {item.subject} {item.about}
        </span>
      </ButtonLink>
    </li>
  )
}

function AllDone() {
  return (
    <EmptyState
      icon="inbox"
      title="Nothing waits for you"
      action={<ButtonLink href="/promotions">To the promotions</ButtonLink>}
    >
      <p>What only a person can decide comes here, if you are one who may:</p>
      <ul className="mx-auto mt-3 grid w-fit gap-1.5 text-left">
        <Comes state="wait">promotions that want an approval</Comes>
        <Comes state="wait">gates that a commit would loosen</Comes>
        <Comes state="wait">objects that left Git, before they are deleted</Comes>
        <Comes state="held">holds that are over, rollbacks that Git does not know of</Comes>
        <Comes state="bad">promotions of yours that ended badly</Comes>
      </ul>
    </EmptyState>
  )
}

function Comes({ state, children }: { state: InboxItem['state']; children: ReactNode }) {
  return (
    <li className="flex items-start gap-2">
      <StateIcon state={state} label={null} className="mt-[3px] size-3.5" />
      {children}
    </li>
  )
}
