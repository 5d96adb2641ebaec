'use client'

import { useState } from 'react'
import type { Channel, Rule } from '#lib/api/notifications.ts'
import { QueryView } from '../live/query-view.tsx'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { RuleDialog } from './rule-dialog.tsx'
import { ruleWords } from './rule-words.ts'
import { useChannels, useRemoveRule, useRules } from './use-notifications.ts'

export function Rules() {
  const rules = useRules()
  const channels = useChannels().data?.items ?? []
  const may = useBlocked('settings:write')
  const [adding, setAdding] = useState(false)
  const blocked = may ?? (channels.length === 0 ? 'Set up a channel first.' : undefined)
  return (
    <Section
      title="Rules"
      note="an incident is told once to each channel that any rule leads to"
      aside={
        <Button size="sm" blocked={blocked} onClick={() => setAdding(true)}>
          Add rule
        </Button>
      }
    >
      <QueryView query={rules} what="the rules" loading={<SkeletonRows rows={2} label="Loading the rules" />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="alerts" title="No rule">
              Without one no channel is told of anything. Add a rule; its preview shows which incidents of the last 30
              days it would have told.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line">
              {items.map((rule) => (
                <RuleRow key={rule.id} rule={rule} channels={channels} blocked={may} />
              ))}
            </ul>
          )
        }
      </QueryView>
      {adding && <RuleDialog channels={channels} onClose={() => setAdding(false)} />}
    </Section>
  )
}

function RuleRow({
  rule,
  channels,
  blocked,
}: {
  rule: Rule
  channels: readonly Channel[]
  blocked: string | undefined
}) {
  const remove = useRemoveRule(() => undefined)
  const [changing, setChanging] = useState(false)
  const channel = channels.find(({ id }) => id === rule.channel)?.name ?? rule.channel
  const words = ruleWords(rule)
  return (
    <li className="flex min-h-9 flex-wrap items-center gap-x-2 gap-y-1 px-4 py-2">
      <span className="min-w-0 flex-1 break-words">
        {words} <Glyph name="arrow" className="inline size-3.5 align-[-2px] text-faint" />{' '}
        <span className="font-medium">{channel}</span>
      </span>
      <Button size="sm" kind="quiet" blocked={blocked} onClick={() => setChanging(true)}>
        Change
        <span className="sr-only">
          {' '}
          the rule: {words} to {channel}
        </span>
      </Button>
      <Button size="sm" kind="danger" blocked={blocked} busy={remove.isPending} onClick={() => remove.mutate(rule.id)}>
        Remove
        <span className="sr-only">
          {' '}
          the rule: {words} to {channel}
        </span>
      </Button>
      {changing && <RuleDialog channels={channels} rule={rule} onClose={() => setChanging(false)} />}
    </li>
  )
}
