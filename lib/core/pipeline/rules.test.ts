import { describe, expect, it } from 'vitest'
import { defaultConfig } from './read-wheelhouse-yaml.ts'
import { deletionPolicy, holdOver, stopOver } from './rules.ts'
import type { DeletionPolicy, Hold, WheelhouseConfig } from './types.ts'

describe('stopOver', () => {
  const stop = { environments: { prod: 'audit', constructor: 'odd' } }
  const rows: [label: string, stop: WheelhouseConfig['stop'], environments: string[], want: string | undefined][] = [
    ['nothing said', defaultConfig.stop, ['dev'], undefined],
    ['everything', { ...stop, all: 'fire' }, ['dev'], 'fire'],
    ['everything, where no environment is known', { ...stop, all: 'fire' }, [], 'fire'],
    ['this environment', stop, ['prod'], 'audit'],
    ['another environment', stop, ['dev'], undefined],
    ['one of several', stop, ['dev', 'prod'], 'audit'],
    ['a name that every object has', stop, ['toString'], undefined],
  ]
  it.each(rows)('%s', (_label, stopped, environments, want) => {
    expect(stopOver({ stop: stopped }, environments)).toBe(want)
  })
})

describe('deletionPolicy', () => {
  const deletion = { default: 'on' as const, environments: { prod: 'off' as const, stg: 'ask' as const } }
  const rows: [label: string, environments: string[], want: DeletionPolicy][] = [
    ['its own', ['prod'], 'off'],
    ['the default', ['dev'], 'on'],
    ['the default where it belongs to nobody', [], 'on'],
    ['the more careful of two', ['dev', 'stg'], 'ask'],
    ['the most careful of all', ['dev', 'stg', 'prod'], 'off'],
  ]
  it.each(rows)('%s', (_label, environments, want) => {
    expect(deletionPolicy({ deletion }, environments)).toBe(want)
  })
})

describe('holdOver', () => {
  const holds = {
    environments: { prod: { user: 'ada', message: 'freeze' } },
    applications: { shop: { until: '2026-03-01T00:00:00Z' } },
  }
  const rows: [label: string, application: string, environment: string, want: Hold | undefined][] = [
    ['neither', 'podinfo', 'dev', undefined],
    ['its environment', 'podinfo', 'prod', { user: 'ada', message: 'freeze (wheelhouse.yaml holds environment prod)' }],
    [
      'its application first',
      'shop',
      'prod',
      { until: '2026-03-01T00:00:00Z', message: 'wheelhouse.yaml holds application shop' },
    ],
  ]
  it.each(rows)('%s', (_label, application, environment, want) => {
    expect(holdOver({ holds }, { application, environment })).toEqual(want)
  })
})
