import { describe, expect, it } from 'vitest'
import type { MatrixRow } from '#lib/api/environments.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import { apartRows, arrangeRows, countStates, usualPolicy } from './matrix-rows.ts'

const release = (name: string, change: Partial<Release> = {}): Release => ({
  id: name,
  cluster: 'c',
  namespace: 'dev',
  name,
  releaseName: name,
  storageNamespace: 'dev',
  targetNamespace: 'dev',
  application: name,
  environment: 'dev',
  path: 'p',
  line: 1,
  generation: 'helm.fluxcd.io/v1',
  mode: 'act',
  desired: true,
  automated: true,
  chart: { source: 'charts/x' },
  images: [],
  phase: 'deployed',
  reason: '',
  phaseSince: 0,
  health: 'healthy',
  healthReason: '',
  healthSince: 0,
  revision: 1,
  problems: [],
  version: 1,
  ...change,
})
const row = (name: string, change?: Partial<Release>): MatrixRow => ({
  application: name,
  cells: [{ environment: 'dev', releases: [release(name, change)] }],
  ways: [],
})
const image = (policy: string) => ({ container: 'c', image: 'i', repository: 'r', automated: true, policy })
const rows = [row('web'), row('api', { phase: 'failed' }), row('cart', { lock: {} })]

describe('arrangeRows', () => {
  it.each([
    ['worst first', '', 'worst', ['api', 'cart', 'web']],
    ['by name', '', 'name', ['api', 'cart', 'web']],
    ['a filter keeps what has every word', 'web dev', 'worst', ['web']],
    ['a filter finds a state', 'failed', 'worst', ['api']],
    ['a filter may find nothing', 'zzz', 'worst', []],
  ] as const)('%s', (_, filter, order, names) => {
    expect(arrangeRows(rows, filter, order).map((one) => one.application)).toEqual(names)
  })

  it('puts the name after the state', () => {
    expect(arrangeRows([row('b', { phase: 'failed' }), row('a')], '', 'worst').map((one) => one.application)).toEqual([
      'b',
      'a',
    ])
  })
})

describe('apartRows', () => {
  it('has a row for each application of each environment', () => {
    const environment = (name: string) => ({ name, mode: 'act' as const, releases: 1 })
    const apart = [
      {
        environment: environment('adm'),
        releases: [release('a', { application: 'x' }), release('b', { application: 'x' })],
      },
      { environment: environment('ops'), releases: [release('c', { application: 'x' })] },
    ]
    expect(
      apartRows({ environments: [], rows: [], apart }).map((one) => [
        one.application,
        one.cells[0]?.environment,
        one.cells[0]?.releases.length,
      ]),
    ).toEqual([
      ['x', 'adm', 2],
      ['x', 'ops', 1],
    ])
  })
})

describe('countStates', () => {
  it('counts each release once', () => {
    const all = rows.flatMap((one) => one.cells.flatMap((cell) => cell.releases))
    expect(countStates(all)).toEqual({ ok: 1, run: 0, wait: 0, bad: 1, held: 1, none: 0 })
  })
})

describe('usualPolicy', () => {
  it.each([
    ['the commonest glob', ['glob:dev-*', 'glob:dev-*', 'semver:~1'], 'dev-*'],
    ['semver without its range', ['semver:~1', 'semver:~2', 'glob:x'], 'semver'],
    ['none where nothing is automated', [], undefined],
  ])('%s', (_, policies, usual) => {
    expect(usualPolicy(policies.map((policy) => release(policy, { images: [image(policy)] })))).toBe(usual)
  })
})
