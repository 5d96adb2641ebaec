import { expect, it } from 'vitest'
import { incident } from './incident.fixture.ts'
import { messageOf, plainText, testMessage } from './message.ts'

const webUrl = 'https://wheelhouse.example.test'
const asIs = (text: string) => text
const minute = 60_000

it('says what is wrong, since when, and what to do', () => {
  expect(plainText(messageOf(incident(), { webUrl, redact: asIs }))).toBe(
    [
      'The chart could not be rendered.',
      'Next: Correct it in Git.',
      'Environment: prod\nApplication: podinfo\nSeverity: critical\nSince: 2026-03-01 12:00 UTC',
      'https://wheelhouse.example.test/alerts?alert=alert-1',
    ].join('\n\n'),
  )
})

it('says who looks after it', () => {
  const { state, facts } = messageOf(incident({ acknowledgedBy: 'ann@example.test' }), { webUrl, redact: asIs })
  expect([state, facts.at(-1)]).toEqual(['acknowledged', { name: 'Acknowledged by', value: 'ann@example.test' }])
})

it.each([
  [20_000, 'less than a minute'],
  [3 * minute, '3 min'],
  [125 * minute, '2 h 5 min'],
])('that is over after %s ms says that it lasted %s, and nothing to do', (ms, words) => {
  const { openedAt } = incident()
  const message = messageOf(incident({ recoveredAt: openedAt + ms }), { webUrl, redact: asIs })
  expect(message).toMatchObject({ state: 'recovered', title: 'Recovered: podinfo-prod failed' })
  expect(message.nextStep).toBeUndefined()
  expect(message.facts.at(-1)).toEqual({ name: 'Lasted', value: words })
})

it('holds nothing that must not leave, wherever it stands', () => {
  const canary = 'canary-5f3d9c'
  const about = incident({ title: `t ${canary}`, detail: `d ${canary}`, nextStep: `n ${canary}` })
  const redact = (text: string) => text.replaceAll(canary, '•')
  expect(JSON.stringify(messageOf(about, { webUrl, redact }))).not.toContain(canary)
})

it('of a test says that nothing is wrong', () => {
  expect(testMessage('test-1', 'Ops', 'Ann', webUrl, 1).detail).toBe(
    'Ann pressed the test button of this channel; nothing is wrong.',
  )
})
