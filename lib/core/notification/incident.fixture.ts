import type { Incident } from './types.ts'

export const incident = (more: Partial<Incident> = {}): Incident => ({
  id: 'alert-1',
  key: 'release rel-1 helm',
  kind: 'release-failed',
  severity: 'critical',
  release: 'rel-1',
  environment: 'prod',
  application: 'podinfo',
  title: 'podinfo-prod failed',
  detail: 'The chart could not be rendered.',
  nextStep: 'Correct it in Git.',
  version: 1,
  openedAt: Date.parse('2026-03-01T12:00:00Z'),
  ...more,
})
