import { describe, expect, it } from 'vitest'
import { readChartMetadata } from './read-chart-metadata.ts'
import { safeChartPath } from './safe-chart-path.ts'

describe('readChartMetadata', () => {
  it('reads what the pages show', () => {
    const text =
      'apiVersion: v2\nname: podinfo\nversion: 0.2.1\nappVersion: 1.20\ndependencies:\n- {name: redis, version: ~17.0, repository: "https://charts.example.org", alias: cache}\n- name: local\n'
    expect(readChartMetadata(text)).toEqual({
      problems: [],
      chart: {
        apiVersion: 'v2',
        name: 'podinfo',
        version: '0.2.1',
        appVersion: '1.20',
        type: 'application',
        dependencies: [
          { name: 'redis', version: '~17.0', repository: 'https://charts.example.org', alias: 'cache' },
          { name: 'local', version: '', repository: '' },
        ],
      },
    })
  })

  const good: [label: string, text: string, version: string][] = [
    ['no apiVersion', 'name: a\nversion: 1.0.0', '1.0.0'],
    ['a leading v', 'name: a\nversion: v1.0.0', 'v1.0.0'],
    ['two parts', 'name: a\nversion: 1.10', '1.10'],
    ['a pre-release', 'name: a\nversion: 1.0.0-rc.1+b5', '1.0.0-rc.1+b5'],
  ]
  it.each(good)('accepts %s', (_label, text, version) => {
    expect(readChartMetadata(text)).toMatchObject({ problems: [], chart: { version } })
  })

  const bad: [label: string, text: string, code: string][] = [
    ['invalid YAML', 'name: [', 'yaml-invalid'],
    ['a list', '- a', 'chart-invalid'],
    ['nothing', '', 'chart-invalid'],
    ['no name', 'version: 1.0.0', 'chart-name-invalid'],
    ['a name with a slash', 'name: ../a\nversion: 1.0.0', 'chart-name-invalid'],
    ['no version', 'name: a', 'chart-version-invalid'],
    ['a version that is none', 'name: a\nversion: latest', 'chart-version-invalid'],
    ['an unknown apiVersion', 'apiVersion: v3\nname: a\nversion: 1.0.0', 'chart-api-version-unknown'],
    ['dependencies that are no list', 'name: a\nversion: 1.0.0\ndependencies: {}', 'chart-dependencies-invalid'],
    ['a dependency without a name', 'name: a\nversion: 1.0.0\ndependencies: [{}]', 'chart-dependencies-invalid'],
  ]
  it.each(bad)('names %s', (_label, text, code) => {
    const read = readChartMetadata(text)
    expect(read.chart).toBeUndefined()
    expect(read.problems.map((p) => p.code)).toContain(code)
  })
})

describe('safeChartPath', () => {
  const good: [written: string, path: string][] = [
    ['charts/podinfo', 'charts/podinfo'],
    ['./charts//podinfo/', 'charts/podinfo'],
    ['.', '.'],
    ['', '.'],
    ['charts/a..b', 'charts/a..b'],
  ]
  it.each(good)('takes %j as %j', (written, path) => {
    expect(safeChartPath(written)).toEqual({ ok: true, path })
  })

  it.each([
    '/etc',
    '../charts',
    'charts/../../x',
    'a/..',
    'C:/x',
    'a\\b',
    'a\0b',
    '.git/x',
    'a/.GIT',
    '--flag',
    'x'.repeat(1_001),
  ])('refuses %j', (written) => {
    expect(safeChartPath(written)).toMatchObject({ ok: false, problem: { code: 'chart-path-invalid' } })
  })
})
