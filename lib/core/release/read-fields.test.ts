import { describe, expect, it } from 'vitest'
import { git, oci, read, v1, v2 } from './documents.fixture.ts'
import { parseDuration } from './read-fields.ts'

describe('readHelmRelease: fields', () => {
  const rows: [label: string, apiVersion: string, spec: string, want: object][] = [
    [
      'v1: a target namespace stands in the name',
      v1,
      `${git}targetNamespace: apps`,
      { releaseName: 'dev-apps-podinfo', targetNamespace: 'apps', storageNamespace: 'apps' },
    ],
    ['v1: its own namespace as target does not', v1, `${git}targetNamespace: dev`, { releaseName: 'dev-podinfo' }],
    ['v1: a written name', v1, `${git}releaseName: mine`, { releaseName: 'mine' }],
    [
      'v1: wait is on with rollback',
      v1,
      `${git}rollback: {enable: true}`,
      { wait: true, upgrade: { retries: 0, after: 'rollback' } },
    ],
    ['v1: wait is on with tests', v1, `${git}test: {enable: true}`, { wait: true }],
    ['v1: written wait wins', v1, `${git}rollback: {enable: true}\nwait: false`, { wait: false }],
    ['v1: retries', v1, `${git}rollback: {enable: true, retry: true}`, { upgrade: { retries: 5, after: 'rollback' } }],
    [
      'v1: retries without end',
      v1,
      `${git}rollback: {retry: true, maxRetries: 0}`,
      { upgrade: { retries: -1, after: 'leave' } },
    ],
    [
      'v1: the rest',
      v1,
      `${git}timeout: 60\nmaxHistory: 3\nforceUpgrade: true\nresetValues: false\nskipCRDs: true\ndisableOpenAPIValidation: true`,
      {
        timeoutMs: 60_000,
        maxHistory: 3,
        forceUpgrade: true,
        resetValues: false,
        crds: 'skip',
        disableOpenApiValidation: true,
      },
    ],
    [
      'v1: chart of a repository',
      v1,
      'chart: {repository: "https://charts.example.org/", name: nats, version: 1.0.0}',
      { chart: { kind: 'http', url: 'https://charts.example.org', name: 'nats', version: '1.0.0' } },
    ],
    [
      'v1: chart of the config repository',
      v1,
      'chart: {path: ./charts/podinfo/}',
      { chart: { kind: 'git', path: 'charts/podinfo', skipDependencies: false } },
    ],
    [
      'v1: sources of values in their order',
      v1,
      `${git}valueFileSecrets: [{name: a}]\nvaluesFrom:\n- configMapKeyRef: {name: b, namespace: x, key: k, optional: true}\n- secretKeyRef: {name: c}\n- externalSourceRef: {url: "https://x.example.org/v"}\n- chartFileRef: {path: prod.yaml}`,
      {
        valuesFrom: [
          { kind: 'secret', namespace: 'dev', name: 'a', key: 'values.yaml', optional: false },
          { kind: 'configmap', namespace: 'x', name: 'b', key: 'k', optional: true },
          { kind: 'secret', namespace: 'dev', name: 'c', key: 'values.yaml', optional: false },
          { kind: 'url', url: 'https://x.example.org/v', optional: false },
          { kind: 'chart-file', path: 'prod.yaml', optional: false },
        ],
      },
    ],
    [
      'v2: a target namespace stands in the name',
      v2,
      `${oci}targetNamespace: apps`,
      { releaseName: 'apps-podinfo', targetNamespace: 'apps', storageNamespace: 'dev' },
    ],
    ['v2: storage elsewhere', v2, `${oci}storageNamespace: helm`, { storageNamespace: 'helm', targetNamespace: 'dev' }],
    [
      'v2: chart of a HelmRepository',
      v2,
      'chart: {spec: {chart: nats, sourceRef: {kind: HelmRepository, name: web, namespace: flux}}}',
      {
        chart: {
          kind: 'http',
          url: 'https://charts.example.org',
          name: 'nats',
          version: '*',
          secret: { namespace: 'flux', name: 's' },
        },
      },
    ],
    [
      'v2: chart of an OCI HelmRepository',
      v2,
      'chart: {spec: {chart: nats, version: 1.x, sourceRef: {kind: HelmRepository, name: oci}}}',
      { chart: { kind: 'oci', url: 'oci://ghcr.io/charts/nats', version: '1.x' } },
    ],
    [
      'v2: chart of a GitRepository',
      v2,
      'chart: {spec: {chart: ./charts/a, sourceRef: {kind: GitRepository, name: git}}}',
      {
        chart: {
          kind: 'git',
          url: 'https://git.example.org/x',
          ref: 'main',
          path: 'charts/a',
          skipDependencies: false,
        },
      },
    ],
    [
      'v2: chart of a HelmChart',
      v2,
      'chartRef: {kind: HelmChart, name: chart}',
      { chart: { kind: 'oci', url: 'oci://ghcr.io/charts/nats', version: '1.2.3' } },
    ],
    [
      'v2: remediation of an install',
      v2,
      `${oci}install: {remediation: {retries: 3}}`,
      { install: { retries: 3, after: 'uninstall' } },
    ],
    [
      'v2: remediation of an upgrade',
      v2,
      `${oci}upgrade: {remediation: {retries: -5}}`,
      { upgrade: { retries: -1, after: 'rollback' } },
    ],
    [
      'v2: only the last failure is remediated',
      v2,
      `${oci}upgrade: {remediation: {remediateLastFailure: true, strategy: uninstall}}`,
      { upgrade: { retries: 0, after: 'uninstall' } },
    ],
    [
      'v2: retry on failure',
      v2,
      `${oci}upgrade: {strategy: {name: RetryOnFailure, retryInterval: 5m}}`,
      { upgrade: { retries: -1, after: 'leave' } },
    ],
    ['v2: no CRDs at all', v2, `${oci}install: {crds: Skip}\nupgrade: {crds: Skip}`, { crds: 'skip' }],
    [
      'v2: the rest',
      v2,
      `${oci}suspend: true\ndependsOn: [{name: a}, {name: b, namespace: x}]\nserviceAccountName: sa\ntimeout: 1m30s\nmaxHistory: 2\npostRenderers: []\nuninstall: {keepHistory: true}\ntest: {enable: true}`,
      {
        suspend: true,
        dependsOn: [
          { namespace: 'dev', name: 'a' },
          { namespace: 'x', name: 'b' },
        ],
        serviceAccountName: 'sa',
        timeoutMs: 90_000,
        maxHistory: 2,
        postRenderers: [],
        uninstall: { keepHistory: true, timeoutMs: 90_000 },
        test: { enable: true, timeoutMs: 90_000 },
      },
    ],
    [
      'v2: values from a target path',
      v2,
      `${oci}valuesFrom: [{kind: Secret, name: a, valuesKey: k, targetPath: x.y, literal: true}]`,
      {
        valuesFrom: [
          { kind: 'secret', namespace: 'dev', name: 'a', key: 'k', optional: false, literal: true, targetPath: 'x.y' },
        ],
      },
    ],
  ]
  it.each(rows)('%s', (_label, apiVersion, spec, want) => {
    const { release, problems } = read(apiVersion, spec)
    expect(problems).toEqual([])
    expect(release).toMatchObject(want)
  })

  it('v2: shortens names above 53 characters as helm-controller does', () => {
    const { release } = read(v2, oci, 'a'.repeat(60))
    expect(release?.releaseName).toMatch(/^a{40}-[0-9a-f]{12}$/)
  })
})

describe('parseDuration', () => {
  const rows: [text: string, ms: number | undefined][] = [
    ['5m0s', 300_000],
    ['1h2m3s', 3_723_000],
    ['1.5s', 1_500],
    ['300ms', 300],
    ['0', 0],
    ['5', undefined],
    ['', undefined],
    ['-5m', undefined],
    ['5 m', undefined],
  ]
  it.each(rows)('%j is %s ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })
})
