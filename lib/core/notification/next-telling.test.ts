import { expect, it } from 'vitest'
import { incident } from './incident.fixture.ts'
import { nextTelling, type Telling, type Told } from './next-telling.ts'
import type { ChannelKind, Incident } from './types.ts'

type State = Partial<{ told: Told; tried: boolean; wanted: boolean; silenced: boolean }>

const told = (state: Told['state'], version: number, editable = true): State => ({
  told: { state, version, editable },
  tried: true,
})
const over: Partial<Incident> = { recoveredAt: Date.parse('2026-03-01T13:00:00Z'), version: 5 }
const seen: Partial<Incident> = { acknowledgedBy: 'ann@example.test', version: 3 }

const rows: [label: string, channel: ChannelKind, about: Partial<Incident>, state: State, kind: Telling['kind']][] = [
  ['a new incident', 'slack', {}, {}, 'message'],
  ['a new incident nobody asked for', 'slack', {}, { wanted: false }, 'nothing'],
  ['a new incident under a silence', 'slack', {}, { silenced: true }, 'nothing'],
  ['one that came and went', 'slack', over, {}, 'nothing'],
  ['one that came and went while the channel was away', 'slack', over, { tried: true }, 'message'],
  ['the same as was told', 'slack-app', { version: 2 }, told('open', 2), 'nothing'],
  ['another text, where it can be edited', 'slack-app', { version: 3 }, told('open', 2), 'edit'],
  [
    'another text, where it can be edited, but the message is gone',
    'discord',
    { version: 3 },
    told('open', 2, false),
    'nothing',
  ],
  ['another text, elsewhere', 'slack', { version: 3 }, told('open', 2, false), 'nothing'],
  ['another text, for a machine', 'pagerduty', { version: 3 }, told('open', 2, false), 'nothing'],
  ['acknowledged, where it can be edited', 'discord', seen, told('open', 2), 'edit'],
  ['acknowledged, for a machine', 'webhook', seen, told('open', 2, false), 'follow-up'],
  ['acknowledged, for a person', 'email', seen, told('open', 2), 'nothing'],
  ['over, where it can be edited', 'slack-app', over, told('open', 2), 'edit'],
  ['over, where the message is gone', 'slack-app', over, told('open', 2, false), 'follow-up'],
  ['over, elsewhere', 'teams', over, told('open', 2, false), 'follow-up'],
  ['over, and that was told', 'teams', over, told('recovered', 5, false), 'nothing'],
  ['over, under a silence', 'teams', over, { ...told('open', 2, false), silenced: true }, 'follow-up'],
  ['over, and the rule is gone', 'pagerduty', over, { ...told('open', 2, false), wanted: false }, 'follow-up'],
  ['another text, under a silence', 'slack-app', { version: 3 }, { ...told('open', 2), silenced: true }, 'nothing'],
]

it.each(rows)('%s (%s)', (_label, channel, about, state, kind) => {
  const asked = { told: undefined, tried: false, wanted: true, silenced: false, ...state }
  expect(nextTelling(incident(about), channel, asked)).toEqual({ kind })
})
