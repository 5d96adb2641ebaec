import { describe, expect, it } from 'vitest'
import { annotationProblems, policyKey, readAutomation } from './index.ts'

const containers = ['chart-image', 'nats']

describe('readAutomation', () => {
  it.each([
    ['fluxcd.io', { 'fluxcd.io/automated': 'true' }, true],
    ['2018 prefix', { 'flux.weave.works/automated': 'true' }, true],
    ['only the string true', { 'fluxcd.io/automated': 'false' }, false],
    ['fluxcd.io wins over 2018', { 'fluxcd.io/automated': 'false', 'flux.weave.works/automated': 'true' }, false],
    ['absent', {}, false],
  ])('automated: %s', (_label, annotations: Record<string, string>, automated) => {
    const read = readAutomation(annotations, containers)
    expect(read.automation.automated).toBe(automated)
    expect(read.problems).toEqual([])
  })

  it.each([
    ['true', 'true', true],
    ['sync_only is applied and automated', 'sync_only', false],
  ])('ignore: %s', (_label, value, ignored) => {
    expect(readAutomation({ 'fluxcd.io/ignore': value }, containers)).toMatchObject({
      automation: { ignored },
      problems: [],
    })
  })

  it.each<[label: string, annotations: Record<string, string>, key: string, expression: string, problems: string[]]>([
    ['fluxcd.io/tag.', { 'fluxcd.io/tag.nats': 'glob:a' }, 'fluxcd.io/tag.nats', 'a', []],
    ['flux.weave.works/tag.', { 'flux.weave.works/tag.nats': 'glob:b' }, 'flux.weave.works/tag.nats', 'b', []],
    ['filter.fluxcd.io/', { 'filter.fluxcd.io/nats': 'glob:c' }, 'filter.fluxcd.io/nats', 'c', []],
    [
      'fluxcd.io wins over both',
      { 'filter.fluxcd.io/nats': 'glob:c', 'flux.weave.works/tag.nats': 'glob:b', 'fluxcd.io/tag.nats': 'glob:a' },
      'fluxcd.io/tag.nats',
      'a',
      ['policy-written-twice', 'policy-written-twice'],
    ],
    [
      '2018 wins over filter.',
      { 'filter.fluxcd.io/nats': 'glob:b', 'flux.weave.works/tag.nats': 'glob:b' },
      'flux.weave.works/tag.nats',
      'b',
      [],
    ],
  ])('filter: %s', (_label, annotations, key, expression, codes) => {
    const { automation, problems } = readAutomation(annotations, containers)
    expect(automation.filters['nats']).toMatchObject({ ok: true, policy: { kind: 'glob', expression }, key })
    expect(automation.filters['chart-image']).toBeUndefined()
    expect(problems.map(({ code }) => code)).toEqual(codes)
  })

  it.each<[label: string, annotations: Record<string, string>, blocked: string[], code: string]>([
    ['invalid semver', { 'fluxcd.io/tag.nats': 'semver:x.y' }, ['nats'], 'policy-semver-invalid'],
    ['invalid regexp', { 'fluxcd.io/tag.nats': 'regexp:(' }, ['nats'], 'policy-regexp-invalid'],
    ['mistyped kind', { 'fluxcd.io/tag.nats': 'semvar:~1' }, ['nats'], 'policy-kind-unknown'],
    ['misspelt filter of a known container', { 'fluxcd.io/tags.nats': 'semver:~1' }, ['nats'], 'policy-key-unknown'],
    [
      'filter for no container',
      { 'fluxcd.io/tag.chartimage': 'semver:~1' },
      ['chart-image', 'chartimage', 'nats'],
      'policy-container-unknown',
    ],
    ['misspelt switch', { 'flux.weave.works/lock': 'true' }, ['chart-image', 'nats'], 'policy-key-unknown'],
  ])('not automated, release not blocked: %s', (_label, annotations, blocked, code) => {
    const { automation, problems } = readAutomation(annotations, containers)
    const refused = Object.entries(automation.filters).filter(
      ([name, filter]) => !filter.ok || !containers.includes(name),
    )
    expect(refused.map(([name]) => name).sort()).toEqual(blocked)
    expect(problems.map((problem) => [problem.code, problem.severity])).toEqual([[code, 'warning']])
  })

  it('a filter for no container leaves a container with its own filter alone', () => {
    const { automation } = readAutomation(
      { 'fluxcd.io/tag.nats': 'semver:~1', 'fluxcd.io/tag.gone': 'semver:~1' },
      containers,
    )
    expect(automation.filters['nats']?.ok).toBe(true)
    expect(automation.filters['chart-image']?.ok).toBe(false)
  })

  it.each<[label: string, annotations: Record<string, string>, locked: unknown, codes: string[]]>([
    ['lock alone', { 'fluxcd.io/locked': 'true' }, {}, []],
    [
      'user and message',
      { 'fluxcd.io/locked': 'true', 'fluxcd.io/locked_user': 'Ann', 'fluxcd.io/locked_msg': 'why' },
      { user: 'Ann', message: 'why' },
      [],
    ],
    ['2018 prefix', { 'flux.weave.works/locked': 'true' }, {}, []],
    [
      'hold until',
      { 'fluxcd.io/locked': 'true', 'wheelhouse.dev/hold-until': '2026-03-01T09:00:00+01:00' },
      { until: '2026-03-01T09:00:00+01:00' },
      [],
    ],
    [
      'hold until without time zone has no end',
      { 'fluxcd.io/locked': 'true', 'wheelhouse.dev/hold-until': '2026-03-01T09:00:00' },
      {},
      ['hold-until-invalid'],
    ],
    [
      'hold until a month 13',
      { 'fluxcd.io/locked': 'true', 'wheelhouse.dev/hold-until': '2026-13-01T09:00:00Z' },
      {},
      ['hold-until-invalid'],
    ],
    [
      'hold until without lock',
      { 'wheelhouse.dev/hold-until': '2026-03-01T09:00:00Z' },
      undefined,
      ['hold-without-lock'],
    ],
    ['not the string true', { 'fluxcd.io/locked': 'yes' }, undefined, ['policy-switch-invalid']],
    ['absent', {}, undefined, []],
  ])('lock: %s', (_label, annotations, locked, codes) => {
    const { automation, problems } = readAutomation(annotations, containers)
    expect(automation.locked).toEqual(locked)
    expect(problems.map(({ code }) => code)).toEqual(codes)
  })

  it.each<[label: string, annotations: Record<string, string>, refused: Record<string, string[]>, codes: string[]]>([
    ['list with spaces', { 'wheelhouse.dev/refuse.nats': '2.0.1, 2.0.2,' }, { nats: ['2.0.1', '2.0.2'] }, []],
    [
      'no tag',
      { 'wheelhouse.dev/refuse.nats': `2.0.1,a b,${'t'.repeat(300)}` },
      { nats: ['2.0.1'] },
      ['refused-tag-invalid', 'refused-tag-invalid'],
    ],
    ['no such container', { 'wheelhouse.dev/refuse.gone': '1' }, { gone: ['1'] }, ['policy-container-unknown']],
  ])('refused: %s', (_label, annotations, refused, codes) => {
    const read = readAutomation(annotations, containers)
    expect(read.automation.refused).toEqual(refused)
    expect(read.problems.map(({ code }) => code)).toEqual(codes)
  })
})

describe('annotationProblems', () => {
  it.each([
    ['flux.weave.works/automate', 'Did you mean flux.weave.works/automated?'],
    ['fluxcd.io/automate', 'Did you mean fluxcd.io/automated?'],
    ['fluxcd.io/lockd', 'Did you mean fluxcd.io/locked?'],
    ['fluxcd.io/tags.x', 'Did you mean fluxcd.io/tag.x?'],
    ['fluxcd.io/tag-x', 'Did you mean fluxcd.io/tag.x?'],
    ['fluxcd.io/filter.x', 'Did you mean fluxcd.io/tag.x?'],
    ['fluxcd.io/tag.', 'Correct its spelling or remove it.'],
    ['fluxcd.io/pause', 'Correct its spelling or remove it.'],
    ['fluxcd.com/automated', 'Did you mean fluxcd.io/automated?'],
    ['flux.io/tag.x', 'Did you mean fluxcd.io/tag.x?'],
    ['flux.weaveworks/automated', 'Did you mean flux.weave.works/automated?'],
    ['weave.works/automated', 'Did you mean fluxcd.io/automated?'],
    ['filters.fluxcd.io/x', 'Did you mean filter.fluxcd.io/x?'],
    ['filter.flux.weave.works/x', 'Did you mean filter.fluxcd.io/x?'],
    ['repositry.fluxcd.io/x', 'Did you mean repository.fluxcd.io/x?'],
    ['fluxcd.io.automated', 'Correct its spelling or remove it.'],
    ['wheelhouse.dev/hold_until', 'Did you mean wheelhouse.dev/hold-until?'],
    ['wheelhouse.dev/refused.x', 'Did you mean wheelhouse.dev/refuse.x?'],
    ['wheelhouse.dev/refuse', 'Did you mean wheelhouse.dev/refuse.<container>?'],
  ])('%s', (key, suggestion) => {
    expect(annotationProblems({ [key]: 'true' })).toMatchObject([{ code: 'policy-key-unknown', suggestion }])
  })

  it.each([
    'fluxcd.io/automated',
    'flux.weave.works/locked_msg',
    'fluxcd.io/tag.chart-image',
    'filter.fluxcd.io/chart-image',
    'repository.fluxcd.io/app',
    'registry.fluxcd.io/app',
    'tag.fluxcd.io/app',
    'fluxcd.io/sync-checksum',
    'helm.fluxcd.io/antecedent',
    'reconcile.fluxcd.io/requestedAt',
    'kustomize.toolkit.fluxcd.io/prune',
    'kubectl.kubernetes.io/last-applied-configuration',
    'influxdata.com/automated-backup',
    'app.kubernetes.io/name',
    'automated',
    'wheelhouse.dev/hold-until',
    'wheelhouse.dev/refuse.nats',
    'wheelhouse.dev/application',
  ])('leaves %s alone', (key) => {
    expect(annotationProblems({ [key]: 'true' })).toEqual([])
  })
})

describe('policyKey', () => {
  it.each<[label: string, annotations: Record<string, string>, name: Parameters<typeof policyKey>[1], key: string]>([
    ['nothing there', {}, 'automated', 'fluxcd.io/automated'],
    ['2018 key is reused', { 'flux.weave.works/automated': 'false' }, 'automated', 'flux.weave.works/automated'],
    ['filter. key is reused', { 'filter.fluxcd.io/nats': 'x' }, 'tag.nats', 'filter.fluxcd.io/nats'],
    [
      'the winning key of two',
      { 'filter.fluxcd.io/nats': 'x', 'fluxcd.io/tag.nats': 'y' },
      'tag.nats',
      'fluxcd.io/tag.nats',
    ],
    ['another container’s key is not', { 'filter.fluxcd.io/other': 'x' }, 'tag.nats', 'fluxcd.io/tag.nats'],
  ])('%s', (_label, annotations, name, key) => {
    expect(policyKey(annotations, name)).toBe(key)
  })
})
