import { describe, expect, it } from 'vitest'
import { document, find, git, oci, read, v1, v1beta1, v2 } from './documents.fixture.ts'
import { readHelmRelease } from './read-helm-release.ts'

describe('readHelmRelease: defaults of each generation', () => {
  it('v1beta1', () => {
    expect(read(v1beta1, git)).toMatchObject({
      problems: [],
      release: {
        releaseName: 'dev-podinfo',
        targetNamespace: 'dev',
        storageNamespace: 'dev',
        timeoutMs: 300_000,
        wait: false,
        resetValues: false,
        upgrade: { retries: 0, after: 'leave' },
        chart: {
          kind: 'git',
          url: 'git@git.example.org:org/charts',
          ref: 'master',
          path: 'charts/podinfo',
          skipDependencies: false,
        },
      },
    })
  })
  it('v1', () => {
    expect(read(v1, git)).toMatchObject({
      problems: [],
      release: {
        releaseName: 'dev-podinfo',
        timeoutMs: 300_000,
        maxHistory: 10,
        wait: false,
        resetValues: true,
        crds: 'create',
        install: { retries: 5, after: 'leave' },
        upgrade: { retries: 0, after: 'leave' },
        test: { enable: false, timeoutMs: 300_000, cleanup: true },
        uninstall: { keepHistory: false },
      },
    })
  })
  it('v2', () => {
    expect(read(v2, oci)).toMatchObject({
      problems: [],
      release: {
        releaseName: 'podinfo',
        timeoutMs: 300_000,
        maxHistory: 5,
        wait: true,
        crds: 'create',
        install: { retries: 0, after: 'leave' },
        upgrade: { retries: 0, after: 'leave' },
        chart: { kind: 'oci', url: 'oci://ghcr.io/charts/nats', version: '1.x' },
      },
    })
  })
})

describe('readHelmRelease: what blocks', () => {
  const bad: [label: string, apiVersion: string, spec: string, code: string, says: string][] = [
    ['an unknown field', v1, `${git}kubeconfig: x`, 'field-not-honoured', 'spec.kubeconfig'],
    ['an unknown field below', v1, `${git}rollback: {enabled: true}`, 'field-not-honoured', 'spec.rollback.enabled'],
    ['Helm 2', v1, `${git}helmVersion: v2`, 'field-not-honoured', 'helmVersion'],
    ['kubeConfig', v2, `${oci}kubeConfig: {secretRef: {name: a}}`, 'field-not-honoured', 'spec.kubeConfig'],
    ['createNamespace', v2, `${oci}install: {createNamespace: true}`, 'field-not-honoured', 'createNamespace'],
    ['different timeouts', v2, `${oci}upgrade: {timeout: 1m}`, 'field-not-honoured', 'timeout'],
    ['drift correction', v2, `${oci}driftDetection: {mode: enabled}`, 'field-not-honoured', 'driftDetection'],
    [
      'files of values',
      v2,
      'chart: {spec: {chart: a, valuesFiles: [b], sourceRef: {kind: HelmRepository, name: oci}}}',
      'field-not-honoured',
      'valuesFiles',
    ],
    [
      'a range of Git tags',
      v2,
      'chart: {spec: {chart: a, sourceRef: {kind: GitRepository, name: range}}}',
      'field-not-honoured',
      'semver',
    ],
    [
      'a bucket',
      v2,
      'chart: {spec: {chart: a, sourceRef: {kind: Bucket, name: b}}}',
      'chart-source-missing',
      'Bucket dev/b',
    ],
    ['no chart', v1, 'values: {}', 'chart-missing', 'spec.chart'],
    ['no chart', v2, 'interval: 5m', 'chart-missing', 'chartRef'],
    [
      'a repository without version',
      v1,
      'chart: {repository: "https://x.example.org", name: a}',
      'chart-missing',
      'version',
    ],
    [
      'a chart path that leaves the repository',
      v1,
      'chart: {git: "https://x.example.org/a", path: ../b}',
      'chart-path-invalid',
      'leaves',
    ],
    [
      'a chart path that leaves the repository',
      v2,
      'chart: {spec: {chart: ../b, sourceRef: {kind: GitRepository, name: git}}}',
      'chart-path-invalid',
      'leaves',
    ],
    ['an absolute chart path', v1, 'chart: {path: /etc}', 'chart-path-invalid', 'absolute'],
    ['a Git URL that runs a program', v1, 'chart: {git: "ext::sh -c x", path: a}', 'chart-url-invalid', 'Git URL'],
    [
      'a ref that is an option',
      v1,
      'chart: {git: "https://x.example.org/a", path: a, ref: --upload-pack=x}',
      'chart-ref-invalid',
      'ref',
    ],
    [
      'a repository that is no web address',
      v1,
      'chart: {repository: "file:///x", name: a, version: 1.0.0}',
      'chart-url-invalid',
      'http',
    ],
    ['values that are a list', v1, `${git}values: [a]`, 'values-not-map', 'spec.values'],
    [
      'values from two sources at once',
      v1,
      `${git}valuesFrom: [{configMapKeyRef: {name: a}, secretKeyRef: {name: b}}]`,
      'values-source-invalid',
      'exactly one',
    ],
    [
      'a chart file that leaves the chart',
      v1,
      `${git}valuesFrom: [{chartFileRef: {path: ../x}}]`,
      'values-source-invalid',
      'leaves',
    ],
    ['a timeout that is text', v1, `${git}timeout: 5m`, 'field-invalid', 'spec.timeout'],
    ['a timeout that is a number', v2, `${oci}timeout: 300`, 'field-invalid', 'spec.timeout'],
    ['a release name Helm refuses', v1, `${git}releaseName: Über`, 'release-name-invalid', 'Über'],
    ['a namespace that is none', v1, `${git}targetNamespace: A_b`, 'namespace-invalid', 'A_b'],
    ['a spec that is no map', v1, '[a]', 'field-invalid', 'spec'],
  ]
  it.each(bad)('blocks on %s (%s)', (_label, apiVersion, spec, code, says) => {
    const { release, problems } = read(apiVersion, spec)
    const found = problems.find((problem) => problem.code === code)
    expect(found).toMatchObject({
      severity: 'error',
      path: 'releases/dev/a.yaml',
      line: 3,
      subject: 'dev:helmrelease/podinfo',
    })
    expect(found?.message).toContain(says)
    expect(release?.problems).toEqual(problems)
  })

  it('names v1 releases too long for Helm', () => {
    expect(read(v1, git, 'a'.repeat(53)).problems[0]?.code).toBe('release-name-invalid')
  })

  it('says how to convert what it does not read', () => {
    const old = document('helm.integrations.flux.weave.works/v1alpha2', 'FluxHelmRelease', 'a', '{}')
    expect(readHelmRelease(old, { find })).toMatchObject({
      problems: [
        { code: 'release-generation-unsupported', suggestion: expect.stringContaining('helm.fluxcd.io/v1') as string },
      ],
    })
    expect(read('helm.example.org/v9', '{}').problems[0]?.code).toBe('release-generation-unsupported')
  })
})
