import { describe, expect, it } from 'vitest'
import { document, find, v1, v2 } from './documents.fixture.ts'
import type { FindSource } from './read-chart-source.ts'
import { readHelmRelease } from './read-helm-release.ts'

/** `spec` of one source document, and a release that takes its chart from it. */
function readFrom(kind: string, source: string, release = releaseOf(kind)) {
  const written = document('source.toolkit.fluxcd.io/v1', kind, 'source', source)
  const findHere: FindSource = (wanted, namespace, name) =>
    wanted === kind && name === 'source' ? written : find(wanted, namespace, name)
  return readHelmRelease(document(v2, 'HelmRelease', 'podinfo', release), { find: findHere })
}

const releaseOf = (kind: string) =>
  kind === 'OCIRepository' || kind === 'HelmChart'
    ? `chartRef: {kind: ${kind}, name: source}`
    : `chart: {spec: {chart: charts/a, sourceRef: {kind: ${kind}, name: source}}}`

const gitUrl = 'url: https://git.example.org/x\n'
const webUrl = 'url: https://charts.example.org\n'
const ociUrl = 'url: oci://ghcr.io/charts/nats\n'
const helmLayer = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'

describe('sources of charts: what is honoured', () => {
  const rows: [label: string, kind: string, source: string, chart: object][] = [
    [
      'the defaults written out',
      'GitRepository',
      `${gitUrl}provider: generic\nsuspend: false\nignore: ""`,
      { ref: 'master' },
    ],
    ['how often and how long', 'GitRepository', `${gitUrl}interval: 1m\ntimeout: 20s`, { ref: 'master' }],
    ['a commit before a branch', 'GitRepository', `${gitUrl}ref: {branch: main, commit: abc1234}`, { ref: 'abc1234' }],
    [
      'a Secret for a Helm repository',
      'HelmRepository',
      `${webUrl}secretRef: {name: s}`,
      { kind: 'http', secret: { namespace: 'dev', name: 's' } },
    ],
    ['plain HTTP in the URL itself', 'HelmRepository', `${webUrl}insecure: true`, { kind: 'http' }],
    [
      'plain HTTP for a Helm repository in a registry',
      'HelmRepository',
      'type: oci\nurl: oci://ghcr.io\ninsecure: true',
      { kind: 'oci', insecure: true },
    ],
    ['nothing but the URL', 'OCIRepository', ociUrl, { kind: 'oci', url: 'oci://ghcr.io/charts/nats' }],
    ['a tag, which is no range', 'OCIRepository', `${ociUrl}ref: {tag: "1.2"}`, { tag: '1.2' }],
    ['a range of tags', 'OCIRepository', `${ociUrl}ref: {semver: 1.x, tag: old}`, { version: '1.x', tag: 'old' }],
    [
      'plain HTTP and a Secret for a registry',
      'OCIRepository',
      `${ociUrl}insecure: true\nsecretRef: {name: s}`,
      { insecure: true, secret: { namespace: 'dev', name: 's' } },
    ],
    ['the layer of charts', 'OCIRepository', `${ociUrl}layerSelector: {mediaType: ${helmLayer}, operation: copy}`, {}],
    [
      'either strategy',
      'HelmChart',
      'chart: nats\nversion: 1.x\nreconcileStrategy: Revision\nsourceRef: {kind: HelmRepository, name: oci}',
      { version: '1.x' },
    ],
  ]
  it.each(rows)('%s (%s)', (_label, kind, source, chart) => {
    const { release, problems } = readFrom(kind, source)
    expect(problems).toEqual([])
    expect(release?.chart).toMatchObject(chart)
  })

  it('leaves out what was not asked for', () => {
    expect(readFrom('OCIRepository', ociUrl).release?.chart).toEqual({ kind: 'oci', url: 'oci://ghcr.io/charts/nats' })
  })
})

describe('sources of charts: what blocks', () => {
  const rows: [label: string, kind: string, source: string, says: string][] = [
    ['files left out', 'GitRepository', `${gitUrl}ignore: "/*"`, 'spec.ignore'],
    ['a signature', 'GitRepository', `${gitUrl}verify: {mode: HEAD}`, 'spec.verify'],
    ['a cloud identity', 'GitRepository', `${gitUrl}provider: azure`, 'spec.provider: azure'],
    ['a suspended repository', 'GitRepository', `${gitUrl}suspend: true`, 'spec.suspend'],
    ['a cloud identity', 'HelmRepository', `${webUrl}provider: aws`, 'spec.provider: aws'],
    ['a suspended repository', 'HelmRepository', `${webUrl}suspend: true`, 'spec.suspend'],
    ['credentials for other hosts', 'HelmRepository', `${webUrl}passCredentials: true`, 'passCredentials'],
    ['a certificate', 'HelmRepository', `${webUrl}certSecretRef: {name: a}`, 'certSecretRef'],
    ['a registry that is a web address', 'HelmRepository', `${webUrl}type: oci`, 'spec.type: oci'],
    ['a cloud identity', 'OCIRepository', `${ociUrl}provider: gcp`, 'spec.provider: gcp'],
    ['a suspended repository', 'OCIRepository', `${ociUrl}suspend: true`, 'spec.suspend'],
    ['another layer', 'OCIRepository', `${ociUrl}layerSelector: {mediaType: text/plain}`, 'layerSelector.mediaType'],
    ['another operation', 'OCIRepository', `${ociUrl}layerSelector: {operation: x}`, 'layerSelector.operation: x'],
    [
      'an unknown strategy',
      'HelmChart',
      'chart: nats\nreconcileStrategy: Always\nsourceRef: {kind: HelmRepository, name: oci}',
      'reconcileStrategy: Always',
    ],
    [
      'a suspended chart',
      'HelmChart',
      'chart: nats\nsuspend: true\nsourceRef: {kind: HelmRepository, name: oci}',
      'suspend',
    ],
  ]
  it.each(rows)('%s (%s)', (_label, kind, source, says) => {
    const { problems } = readFrom(kind, source)
    expect(problems.map(({ code }) => code)).toEqual(['field-not-honoured'])
    expect(problems[0]?.message).toContain(says)
  })

  const beside: [label: string, chart: string, says: string][] = [
    [
      'a path beside a repository',
      'repository: "https://x.example.org", name: a, version: 1.0.0, path: b',
      'chart.path',
    ],
    ['a version beside a path', 'path: charts/a, version: 1.0.0', 'spec.chart.version beside spec.chart.path'],
  ]
  it.each(beside)('%s', (_label, chart, says) => {
    const { problems } = readHelmRelease(document(v1, 'HelmRelease', 'podinfo', `chart: {${chart}}`), { find })
    expect(problems).toMatchObject([{ code: 'field-not-honoured', message: expect.stringContaining(says) as string }])
  })
})

describe('options of Helm: what blocks, what needs nothing done', () => {
  const release = 'chartRef: {kind: OCIRepository, name: nats}\n'
  const problemsOf = (apiVersion: string, spec: string) =>
    readHelmRelease(document(apiVersion, 'HelmRelease', 'podinfo', spec), { find }).problems

  const rows: [label: string, apiVersion: string, spec: string, says: string][] = [
    ['post renderers', v2, `${release}postRenderers: [{kustomize: {}}]`, 'spec.postRenderers'],
    [
      'CRDs replaced',
      v2,
      `${release}install: {crds: Create}\nupgrade: {crds: CreateReplace}`,
      'upgrade.crds CreateReplace',
    ],
    ['CRDs replaced at once', v2, `${release}install: {crds: CreateReplace}`, 'install.crds CreateReplace'],
    ['pods restarted by a rollback', v2, `${release}rollback: {recreate: true}`, 'spec.rollback.recreate'],
    ['pods restarted by a rollback', v1, 'chart: {path: a}\nrollback: {recreate: true}', 'spec.rollback.recreate'],
  ]
  it.each(rows)('%s (%s) block', (_label, apiVersion, spec, says) => {
    const problems = problemsOf(apiVersion, spec)
    expect(problems).toMatchObject([{ code: 'field-not-honoured', message: expect.stringContaining(says) as string }])
  })

  it.each([
    ['Jobs not waited for', 'install: {disableWaitForJobs: true}'],
    ['ownership not taken', 'install: {disableTakeOwnership: true}\nupgrade: {disableTakeOwnership: true}'],
    ['an uninstall that does not wait', 'uninstall: {disableWait: true}'],
    ['no post renderers', 'postRenderers: []'],
  ])('%s', (_label, spec) => {
    expect(problemsOf(v2, release + spec)).toEqual([])
  })
})
