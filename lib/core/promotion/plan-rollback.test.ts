import { describe, expect, it } from 'vitest'
import { parseManifestFile } from '../manifest/index.ts'
import { pinChart } from './pin-chart.ts'
import { planRollback, type RollbackInput } from './plan-rollback.ts'

const target = { id: 'prod:helmrelease/podinfo-prod', path: 'releases/prod/podinfo.yaml' }
const file = (tag: string, more: { annotations?: string; replicas?: number; chart?: string } = {}): string => `---
apiVersion: helm.fluxcd.io/v1
kind: HelmRelease
metadata:
  name: podinfo-prod
  namespace: prod
  annotations:
    fluxcd.io/automated: "true" # on
    filter.fluxcd.io/chart-image: semver:~0.4
${more.annotations ?? ''}spec:
  releaseName: podinfo-prod
  chart:
    git: https://git.example.org/charts
${more.chart ?? '    ref: master\n'}    path: charts/podinfo
  values:
    image: podinfo:${tag}
    replicaCount: ${more.replicas ?? 2}
`
const hold = { user: 'ann@example.org', message: 'Rolled back to revision 41: 5xx' }
const held = (more = ''): string =>
  `    fluxcd.io/locked: "true"\n    fluxcd.io/locked_user: ann@example.org\n    fluxcd.io/locked_msg: "${hold.message}"\n${more}`

const plan = (more: Partial<RollbackInput>) =>
  planRollback({
    target,
    current: file('0.4.12', { replicas: 3 }),
    earlier: { text: file('0.4.11') },
    pin: { kind: 'none' },
    left: [{ container: 'chart-image', tag: '0.4.12' }],
    hold,
    valuesFrom: [],
    ...more,
  })
const textOf = (planned: ReturnType<typeof plan>): string => (planned.ok ? planned.text : planned.problem.code)

describe('planRollback', () => {
  it('is the spec of then, the hold and the refused tag', () => {
    const planned = plan({})
    const refused = '    wheelhouse.dev/refuse.chart-image: 0.4.12\n'
    expect(textOf(planned)).toBe(file('0.4.11', { annotations: held(refused) }))
    expect(planned).toMatchObject({ refused: [{ container: 'chart-image', tag: '0.4.12' }], notRestored: [] })
  })

  it('pins the chart if it moved', () => {
    const pin = { kind: 'pin' as const, path: ['spec', 'chart', 'ref'], value: 'abc123' }
    const moved = file('0.4.11', {
      chart: '    ref: abc123\n',
      annotations: held('    wheelhouse.dev/refuse.chart-image: 0.4.12\n'),
    })
    expect(textOf(plan({ pin }))).toBe(moved)
  })

  it('refuses what is left, not what Git says meanwhile', () => {
    const planned = plan({ current: file('0.4.13') })
    expect(planned).toMatchObject({ ok: true, refused: [{ tag: '0.4.12' }] })
    expect(textOf(planned)).toContain('image: podinfo:0.4.11')
    expect(textOf(planned)).not.toContain('0.4.13')
  })

  it('adds to what is refused and to the end of the hold', () => {
    const current = file('0.4.12', { annotations: '    wheelhouse.dev/refuse.chart-image: "0.4.9"\n' })
    const planned = plan({ current, hold: { ...hold, until: '2026-03-05T00:00:00Z' } })
    expect(textOf(planned)).toContain('    wheelhouse.dev/refuse.chart-image: "0.4.9,0.4.12"\n')
    expect(textOf(planned)).toContain('    wheelhouse.dev/hold-until: "2026-03-05T00:00:00Z"\n')
  })

  it('refuses no tag that both have, nor one of a container that is no longer there', () => {
    const left = [
      { container: 'chart-image', tag: '0.4.11' },
      { container: 'sidecar', tag: '1' },
    ]
    expect(plan({ left })).toMatchObject({ refused: [] })
  })

  it('is an undo without hold and refusal', () => {
    const planned = plan({ hold: undefined })
    expect(textOf(planned)).toBe(file('0.4.11'))
    expect(planned).toMatchObject({ changes: [], refused: [] })
  })

  it('changes nothing where Git says all of it already', () => {
    const first = textOf(plan({}))
    expect(textOf(plan({ current: first }))).toBe(first)
  })

  it('leaves other documents of the file alone', () => {
    const other = '---\napiVersion: v1\nkind: Namespace\nmetadata: {name: prod}\n'
    const text = textOf(plan({ current: other + file('0.4.12') }))
    expect(text.startsWith(other)).toBe(true)
    expect(parseManifestFile({ path: '', text, blob: '' }).documents).toHaveLength(2)
  })

  it('names what lies outside of the document', () => {
    const secret = { kind: 'secret' as const, namespace: 'prod', name: 'values', key: 'values.yaml', optional: false }
    const planned = plan({
      pin: { kind: 'cannot', reason: 'The chart stays.' },
      valuesFrom: [
        secret,
        secret,
        { ...secret, kind: 'configmap' },
        { kind: 'url', url: 'https://u:p@example.org/v.yaml?token=x', optional: false },
        { kind: 'chart-file', path: 'values-prod.yaml', optional: false },
      ],
    })
    expect(planned).toMatchObject({
      notRestored: [
        'The chart stays.',
        'Secret prod/values is read as it is now.',
        'ConfigMap prod/values is read as it is now.',
        'https://example.org/v.yaml is read as it is now.',
      ],
    })
  })

  it.each([
    ['the document is gone from Git', { current: '' }, 'document-missing'],
    ['it was not there then', { earlier: { text: '' } }, 'document-missing'],
    ['the file is broken now', { current: 'a: [' }, 'yaml-invalid'],
    [
      'no place for the pin',
      { pin: { kind: 'pin' as const, path: ['spec', 'chartRef', 'version'], value: '1' } },
      'edit-parent-missing',
    ],
  ])('is refused where %s', (_label, more, code) => {
    expect(textOf(plan(more))).toBe(code)
  })
})

describe('pinChart', () => {
  const git = { kind: 'git' as const, path: 'charts/podinfo', skipDependencies: false }
  const http = { kind: 'http' as const, url: 'https://charts.example.org', name: 'podinfo', version: '>=1' }
  const oci = { kind: 'oci' as const, url: 'oci://r.example.org/podinfo' }
  const then = { commit: 'abc', version: '1.2.3' }
  const [v1, v1beta1, v2] = ['helm.fluxcd.io/v1', 'flux.weave.works/v1beta1', 'helm.toolkit.fluxcd.io/v2'] as const
  const template = { chart: { spec: { chart: 'podinfo' } } }
  const rows: [label: string, document: Parameters<typeof pinChart>[0], path: string | undefined, value?: string][] = [
    ['a chart in Git', { generation: v1, chart: git, spec: {} }, 'spec.chart.ref', 'abc'],
    ['an older generation', { generation: v1beta1, chart: git, spec: {} }, 'spec.chart.ref', 'abc'],
    ['a chart of a repository', { generation: v1, chart: http, spec: {} }, 'spec.chart.version', '1.2.3'],
    [
      'v2, a chart of a repository',
      { generation: v2, chart: http, spec: template },
      'spec.chart.spec.version',
      '1.2.3',
    ],
    ['v2, a chart of a registry', { generation: v2, chart: oci, spec: template }, 'spec.chart.spec.version', '1.2.3'],
    ['v2, a chart in Git', { generation: v2, chart: git, spec: template }, undefined],
    [
      'v2, another document',
      { generation: v2, chart: oci, spec: { chartRef: { kind: 'OCIRepository', name: 'p' } } },
      undefined,
    ],
  ]
  it.each(rows)('%s', (_label, document, path, value) => {
    const pin = pinChart(document, then)
    expect(pin.kind).toBe(path === undefined ? 'cannot' : 'pin')
    expect(pin.kind === 'pin' ? pin.path.join('.') : undefined).toBe(path)
    expect(pin.kind === 'pin' ? pin.value : undefined).toBe(value)
  })
  it('cannot without the commit', () => {
    expect(pinChart({ generation: v1, chart: git, spec: {} }, { version: '1' })).toMatchObject({ kind: 'cannot' })
  })
})
