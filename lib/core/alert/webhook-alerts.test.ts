import { expect, it } from 'vitest'
import { webhookAlerts, webhookScope } from './webhook-alerts.ts'

const found = { commit: '0123456789', announced: false, hadDeliveries: true }

it.each([
  ['told of by nobody', found, ['webhook-silent']],
  ['told of', { ...found, announced: true }, []],
  ['where no webhook ever delivered', { ...found, hadDeliveries: false }, []],
])('a commit %s', (_label, commit, kinds) => {
  const wanted = webhookAlerts('repo', commit)
  expect(wanted.map(({ kind }) => kind)).toEqual(kinds)
  for (const { key } of wanted) expect(key.startsWith(webhookScope('repo'))).toBe(true)
})
