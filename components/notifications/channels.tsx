'use client'

import { useState } from 'react'
import { testChannel, type Channel } from '#lib/api/notifications.ts'
import { useCommand } from '../commands/use-command.ts'
import { QueryView } from '../live/query-view.tsx'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { ChannelDialog } from './channel-dialog.tsx'
import { channelWords } from './channel-words.ts'
import { RemoveChannelDialog } from './remove-channel-dialog.tsx'
import { useChannels } from './use-notifications.ts'

export function Channels() {
  const channels = useChannels()
  const blocked = useBlocked('settings:write')
  const [adding, setAdding] = useState(false)
  return (
    <Section
      title="Channels"
      note="secrets are encrypted to the worker, never shown again"
      aside={
        <Button kind="primary" size="sm" blocked={blocked} onClick={() => setAdding(true)}>
          Set up channel
        </Button>
      }
    >
      <QueryView query={channels} what="the channels" loading={<SkeletonRows rows={2} label="Loading the channels" />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="alerts" title="Nobody is told yet">
              Set up a channel, such as Slack or e-mail, then add a rule that says of what it is told.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line">
              {items.map((channel) => (
                <ChannelRow key={channel.id} channel={channel} blocked={blocked} />
              ))}
            </ul>
          )
        }
      </QueryView>
      {adding && <ChannelDialog onClose={() => setAdding(false)} />}
    </Section>
  )
}

function ChannelRow({ channel, blocked }: { channel: Channel; blocked: string | undefined }) {
  const { id, name, host, config, problem, retryAt, failures } = channel
  const test = useCommand(testChannel)
  const [dialog, setDialog] = useState<'change' | 'remove'>()
  const of = <span className="sr-only"> {name}</span>
  const close = () => setDialog(undefined)
  return (
    <li className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2">
      <StateIcon state={failures > 0 ? 'bad' : 'ok'} label={failures > 0 ? 'fails' : null} />
      <span className="min-w-0 flex-1 break-words max-sm:basis-[calc(100%-26px)]">
        <span className="font-medium">{name}</span>{' '}
        <span className="text-muted">
          {channelWords[config.kind].name} · <span className="mono">{host}</span>
          {config.kind === 'slack-app' && <span className="mono"> {config.channel}</span>}
        </span>
      </span>
      <span className="flex flex-wrap items-center gap-1.5 max-sm:pl-[26px]">
        <Button size="sm" blocked={blocked} busy={test.isPending} onClick={() => test.mutate({ params: { id } })}>
          Test{of}
        </Button>
        <Button size="sm" kind="quiet" blocked={blocked} onClick={() => setDialog('change')}>
          Change{of}
        </Button>
        <Button size="sm" kind="danger" blocked={blocked} onClick={() => setDialog('remove')}>
          Remove{of}
        </Button>
      </span>
      {failures > 0 && (
        <span className="basis-full pl-[26px] text-xs break-words text-bad">
          {problem}.{' '}
          {retryAt !== undefined && (
            <>
              Tried again <RelativeTime at={retryAt} suffix />.
            </>
          )}
        </span>
      )}
      {dialog === 'change' && <ChannelDialog channel={channel} onClose={close} />}
      {dialog === 'remove' && <RemoveChannelDialog channel={channel} onClose={close} />}
    </li>
  )
}
