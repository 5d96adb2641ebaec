import { expect, it } from 'vitest'
import type { Alert } from '#lib/api/alerts.ts'
import { silenceScopes } from './silence-scopes.ts'

const alert: Alert = {
  id: 'a',
  kind: 'unhealthy',
  severity: 'warning',
  title: 't',
  detail: 'd',
  nextStep: 'n',
  openedAt: 1,
  updatedAt: 1,
}

it('begins with this condition of this release, and ends with the condition wherever it is', () => {
  const scopes = silenceScopes({ ...alert, release: 'rel-1', environment: 'prod', application: 'podinfo' })
  expect(scopes.map(({ scope }) => scope)).toEqual([
    { kind: 'unhealthy', release: 'rel-1' },
    { release: 'rel-1' },
    { environment: 'prod', application: 'podinfo' },
    { kind: 'unhealthy', environment: 'prod' },
    { environment: 'prod' },
    { kind: 'unhealthy' },
  ])
})

it('offers no more than the incident says of itself', () => {
  expect(silenceScopes(alert).map(({ scope }) => scope)).toEqual([{ kind: 'unhealthy' }])
})
