import { describe, expect, it } from 'vitest'
import { registryAlerts, type FailingScan } from './registry-alerts.ts'

const minute = 60_000
const failing = (repository: string, code: string, since = 0): FailingScan => ({
  repository: `r.test/${repository}`,
  problem: { code, severity: 'error', message: `${code} for ${repository}.` },
  since,
})

describe('registryAlerts', () => {
  it.each<[string, FailingScan[], number, string[]]>([
    ['nothing fails', [], 0, []],
    ['unreachable', [failing('a', 'registry-unreachable')], 0, ['registry-unreachable']],
    ['not let in', [failing('a', 'registry-unauthorized')], 0, ['registry-unauthorized']],
    ['limited just now', [failing('a', 'rate-limited')], 14 * minute, []],
    ['limited for long', [failing('a', 'rate-limited')], 15 * minute, ['rate-limited']],
    ['nonsense just now', [failing('a', 'registry-answer-invalid')], 0, []],
    ['nonsense for long', [failing('a', 'registry-answer-invalid')], 15 * minute, ['registry-answer-invalid']],
    ['what is no fault of the registry', [failing('a', 'not-found')], 60 * minute, []],
    [
      'several ways at once',
      [failing('a', 'registry-unreachable'), failing('b', 'registry-unauthorized')],
      0,
      ['registry-unreachable', 'registry-unauthorized'],
    ],
  ])('%s', (_label, scans, now, kinds) => {
    expect(registryAlerts('r.test', scans, now).map(({ kind }) => kind)).toEqual(kinds)
  })

  it('is one for a host, told by its first repository, however many fail', () => {
    const many = ['c', 'a', 'b'].map((name) => failing(name, 'registry-unreachable'))
    const alerts = registryAlerts('r.test', many, 0)
    expect(alerts).toHaveLength(1)
    expect(alerts[0]).toMatchObject({ key: 'registry r.test registry-unreachable', title: 'r.test cannot be reached' })
    expect(alerts[0]?.detail).toContain('r.test/a: registry-unreachable for a. It is not the only repository.')
    expect(registryAlerts('r.test', many.slice(0, 2), 0)).toEqual(alerts)
  })
})
