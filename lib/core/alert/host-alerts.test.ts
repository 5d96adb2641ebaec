import { expect, it } from 'vitest'
import { hostAlerts } from './host-alerts.ts'

it.each([
  [0, []],
  [2, []],
  [3, ['host-refuses']],
])('%i refusals in a row: %j', (refusals, kinds) => {
  const found = hostAlerts({ refusals, reason: 'GitHub refused: Resource not accessible.' })
  expect(found.map(({ kind }) => kind)).toEqual(kinds)
})
