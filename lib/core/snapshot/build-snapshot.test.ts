import { describe, expect, it } from 'vitest'
import { selectPaths } from '../manifest/index.ts'
import { buildSnapshot } from './build-snapshot.ts'
import { guardDeletion, removedDocuments, type Leaving } from './removed-documents.ts'
import type { Snapshot, SnapshotInput } from './types.ts'

const configMap = (name: string, namespace = 'dev') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n`

const podinfo = `apiVersion: helm.fluxcd.io/v1
kind: HelmRelease
metadata:
  name: podinfo-dev
  namespace: dev
  annotations:
    fluxcd.io/automated: "true"
    fluxcd.io/tag.chart-image: glob:dev-*
spec:
  chart: {git: "https://git.example.org/charts.git", path: charts/podinfo}
  values:
    image:
      repository: stefanprodan/podinfo
      tag: dev-kb9lm91e
`

function take(files: Record<string, string>, previous?: Snapshot, commit = 'c1'): Snapshot {
  const input: SnapshotInput = {
    commit,
    allPaths: Object.keys(files),
    files: selectPaths(Object.keys(files)).map((path) => ({
      path,
      blob: `blob of ${files[path]}`,
      content: { kind: 'text' as const, text: files[path] ?? '' },
    })),
    ...(previous ? { previous } : {}),
  }
  return buildSnapshot(input)
}

const ids = (snapshot: Snapshot) => snapshot.documents.map(({ id }) => id)
const codes = (snapshot: Snapshot) => snapshot.problems.map(({ code, path }) => `${code} ${path}`)

describe('buildSnapshot', () => {
  it('reads releases with their images and automation', () => {
    const snapshot = take({ 'releases/dev/podinfo.yaml': podinfo })
    expect(codes(snapshot)).toEqual([])
    expect(snapshot.releases).toHaveLength(1)
    expect(snapshot.releases[0]).toMatchObject({
      id: 'dev:helmrelease/podinfo-dev',
      path: 'releases/dev/podinfo.yaml',
      releaseName: 'dev-podinfo-dev',
      automation: { automated: true },
      containers: [{ name: 'chart-image', image: { written: 'stefanprodan/podinfo:dev-kb9lm91e' } }],
    })
  })

  it('does not block a release for a filter that is wrong', () => {
    const text = podinfo.replace('glob:dev-*', '"semver:~~"')
    const snapshot = take({ 'releases/dev/podinfo.yaml': text })
    expect(snapshot.releases[0]?.problems.map(({ severity }) => severity)).toEqual(['warning'])
    expect(snapshot.releases[0]?.automation.filters['chart-image']?.ok).toBe(false)
    expect(snapshot.spoiledPaths.size).toBe(0)
  })

  it('lets a bad file spoil only itself', () => {
    const snapshot = take({ 'releases/a.yaml': 'a: [', 'releases/b.yaml': configMap('b') })
    expect(ids(snapshot)).toEqual(['dev:configmap/b'])
    expect(codes(snapshot)).toEqual(['yaml-invalid releases/a.yaml'])
    expect([...snapshot.spoiledPaths]).toEqual(['releases/a.yaml'])
  })

  it('applies neither of two documents with one id, and spoils both files', () => {
    const files = { 'releases/a.yaml': configMap('x'), 'releases/b.yaml': `${configMap('x')}---\n${configMap('z')}` }
    const snapshot = take(files)
    expect(ids(snapshot)).toEqual(['dev:configmap/z'])
    expect(codes(snapshot)).toEqual(['object-duplicate releases/a.yaml', 'object-duplicate releases/b.yaml'])
    expect([...snapshot.spoiledPaths].sort()).toEqual(['releases/a.yaml', 'releases/b.yaml'])
  })

  it('takes two files of one content for duplicates', () => {
    const snapshot = take({ 'releases/a.yaml': configMap('x'), 'releases/b.yaml': configMap('x') })
    expect(ids(snapshot)).toEqual([])
    expect(snapshot.spoiledPaths.size).toBe(2)
  })

  it('lists what it does not support apart', () => {
    const snapshot = take({
      'releases/k/kustomization.yaml': 'resources: []',
      'releases/s.yaml': `${configMap('s')}sops: {mac: x}\n`,
      'releases/t.yaml': 'a: {{ .Values.x }}\n',
      'releases/o.yaml':
        'apiVersion: helm.integrations.flux.weave.works/v1alpha2\nkind: FluxHelmRelease\nmetadata: {name: o, namespace: dev}\n',
    })
    expect(snapshot.unsupported.map(({ code }) => code).sort()).toEqual([
      'directory-kustomize',
      'document-sops',
      'file-templated',
      'release-generation-unsupported',
    ])
    expect(snapshot.problems).toEqual([])
    expect(snapshot.documents).toEqual([])
    expect([...snapshot.spoiledPaths].sort()).toEqual(['releases/o.yaml', 'releases/s.yaml', 'releases/t.yaml'])
  })

  it('does not parse a known blob again, also under a new name', () => {
    const before = take({ 'releases/dev/a.yaml': podinfo, 'releases/dev/bad.yaml': 'a: [' })
    const files = [
      { path: 'releases/dev/b.yaml', blob: `blob of ${podinfo}`, content: undefined },
      { path: 'releases/dev/worse.yaml', blob: 'blob of a: [', content: undefined },
    ]
    const after = buildSnapshot({ commit: 'c2', allPaths: [], files, previous: before })
    expect(after.releases[0]).toMatchObject({ path: 'releases/dev/b.yaml', containers: [{ name: 'chart-image' }] })
    expect(after.problems[0]).toMatchObject({ path: 'releases/dev/worse.yaml' })
    expect(after.problems[0]?.message).toContain('releases/dev/worse.yaml is not valid')
  })

  const refused: [label: string, content: SnapshotInput['files'][number]['content'], code: string][] = [
    ['too large', { kind: 'too-large', bytes: 9 }, 'file-too-large'],
    ['binary', { kind: 'binary' }, 'file-not-text'],
    ['missing although unknown', undefined, 'file-unread'],
  ]
  it.each(refused)('names a file that is %s', (_label, content, code) => {
    const snapshot = buildSnapshot({
      commit: 'c',
      allPaths: [],
      files: [{ path: 'releases/a.yaml', blob: 'b', content }],
    })
    expect(codes(snapshot)).toEqual([`${code} releases/a.yaml`])
    expect(snapshot.spoiledPaths.has('releases/a.yaml')).toBe(true)
    expect(snapshot.files.has('b')).toBe(code !== 'file-unread')
  })

  it('resolves chart sources among its own documents', () => {
    const repository =
      'apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: charts, namespace: dev}\nspec: {url: "https://charts.example.org/"}\n'
    const release =
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: nats, namespace: dev}\nspec:\n  interval: 5m\n  chart: {spec: {chart: nats, version: 1.x, sourceRef: {kind: HelmRepository, name: charts}}}\n'
    const together = take({ 'releases/dev/r.yaml': repository, 'releases/dev/n.yaml': release })
    expect(together.releases[0]?.chart).toEqual({
      kind: 'http',
      url: 'https://charts.example.org',
      name: 'nats',
      version: '1.x',
    })
    const alone = take({ 'releases/dev/n.yaml': release })
    expect(alone.releases[0]?.problems.map(({ code }) => code)).toEqual(['chart-source-missing'])
  })

  it('reads a document again only when a source that it names is another', () => {
    const repository = (url: string) =>
      `apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: charts, namespace: dev}\nspec: {url: "${url}"}\n`
    const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: podinfo, namespace: dev}
spec:
  chart: {spec: {chart: podinfo, version: 6.x, sourceRef: {kind: HelmRepository, name: charts}}}
`
    const files = (url: string) => ({
      'releases/dev/podinfo.yaml': release,
      'releases/dev/source.yaml': repository(url),
    })
    const first = take(files('https://a.example.org'))
    const same = take({ ...files('https://a.example.org'), 'releases/dev/more.yaml': configMap('more') }, first, 'c2')
    expect(same.releases[0]).toBe(first.releases[0])
    const moved = take(files('https://b.example.org'), same, 'c3')
    expect(moved.releases[0]?.chart).toMatchObject({ url: 'https://b.example.org' })
    const gone = take({ 'releases/dev/podinfo.yaml': release }, moved, 'c4')
    expect(gone.releases[0]?.problems.map(({ severity }) => severity)).toContain('error')
  })
})

describe('removedDocuments', () => {
  const before = take({ 'releases/a.yaml': configMap('a'), 'releases/b.yaml': configMap('b') })
  const gone = (files: Record<string, string>, from = before) => {
    const known = from.documents.map(({ id, path }) => ({ object: id, path }))
    const { removed, kept } = removedDocuments(known, from, take(files, from, 'c2'))
    return { removed: removed.map(({ object }) => object), kept: kept.map(({ document }) => document.object) }
  }

  const rows: [label: string, files: Record<string, string>, removed: string[], kept: string[]][] = [
    ['nothing changed', { 'releases/a.yaml': configMap('a'), 'releases/b.yaml': configMap('b') }, [], []],
    ['a file removed', { 'releases/a.yaml': configMap('a') }, ['dev:configmap/b'], []],
    ['a file moved', { 'releases/a.yaml': configMap('a'), 'releases/c.yaml': configMap('b') }, [], []],
    ['a file broken', { 'releases/a.yaml': configMap('a'), 'releases/b.yaml': 'x: [' }, [], ['dev:configmap/b']],
    ['a name lost', { 'releases/a.yaml': configMap('a'), 'releases/b.yaml': configMap('') }, [], ['dev:configmap/b']],
    [
      'written twice now',
      { 'releases/a.yaml': configMap('a'), 'releases/b.yaml': configMap('b'), 'releases/c.yaml': configMap('b') },
      [],
      ['dev:configmap/b'],
    ],
    ['removed while another file breaks', { 'releases/a.yaml': 'x: [' }, [], ['dev:configmap/a', 'dev:configmap/b']],
    [
      'perhaps moved into a broken file',
      { 'releases/a.yaml': configMap('a'), 'releases/c.yaml': 'x: [' },
      [],
      ['dev:configmap/b'],
    ],
  ]
  it.each(rows)('%s', (_label, files, removed, kept) => {
    expect(gone(files)).toEqual({ removed, kept })
  })

  const kustomization = 'resources: [b.yaml]'
  const hidden: [label: string, files: Record<string, string>, removed: string[], kept: string[]][] = [
    [
      'its directory built by kustomize now',
      {
        'releases/a.yaml': configMap('a'),
        'releases/k/b.yaml': configMap('b'),
        'releases/k/kustomization.yaml': kustomization,
      },
      [],
      ['dev:configmap/b'],
    ],
    [
      'its directory a chart now',
      {
        'releases/a.yaml': configMap('a'),
        'releases/k/b.yaml': configMap('b'),
        'releases/k/Chart.yaml': '',
        'releases/k/values.yaml': '',
      },
      [],
      ['dev:configmap/b'],
    ],
    [
      'perhaps moved into a directory that kustomize builds',
      {
        'releases/k/b.yaml': configMap('b'),
        'releases/x/y.yaml': configMap('a'),
        'releases/x/kustomization.yaml': kustomization,
      },
      [],
      ['dev:configmap/a'],
    ],
    [
      'removed while a chart grows',
      { 'releases/a.yaml': configMap('a'), 'releases/c/Chart.yaml': '', 'releases/c/values.yaml': '' },
      ['dev:configmap/b'],
      [],
    ],
  ]
  it.each(hidden)('%s', (_label, files, removed, kept) => {
    const spread = take({ 'releases/a.yaml': configMap('a'), 'releases/k/b.yaml': configMap('b') })
    expect(gone(files, spread)).toEqual({ removed, kept })
  })

  it('keeps what may have moved into a broken file that nobody saw before, as after a restart', () => {
    const next = take({ 'releases/bad.yaml': 'x: [' })
    const { removed, kept } = removedDocuments(
      [{ object: 'dev:configmap/a', path: 'releases/a.yaml' }],
      undefined,
      next,
    )
    expect({ removed, kept: kept.length }).toEqual({ removed: [], kept: 1 })
  })

  it('removes although a file is broken that was broken alike before', () => {
    const broken = take({ 'releases/a.yaml': configMap('a'), 'releases/bad.yaml': 'x: [' })
    expect(gone({ 'releases/bad.yaml': 'x: [' }, broken)).toEqual({ removed: ['dev:configmap/a'], kept: [] })
  })
})

describe('guardDeletion', () => {
  const release = 'dev:helmrelease/a'
  const plain: Leaving = {
    object: 'dev:configmap/c',
    contains: [],
    ignored: false,
    gone: 1,
    total: 1_000,
    policy: 'on',
    heldBefore: true,
  }
  const rows: [label: string, leaving: Partial<Leaving>, kind: string][] = [
    ['off keeps', { policy: 'off' }, 'keep'],
    ['ask asks', { policy: 'ask' }, 'ask'],
    ['on deletes one of many', {}, 'delete'],
    ['five of fifty are no more than 10 %', { gone: 5, total: 50 }, 'delete'],
    ['five of forty-nine are more than 10 %', { gone: 5, total: 49 }, 'ask'],
    ['six are more than five', { gone: 6 }, 'ask'],
    ['what no known commit removed', { heldBefore: false }, 'ask'],
    ['what no known commit removed is kept where deletion is off', { heldBefore: false, policy: 'off' }, 'keep'],
    ['a namespace always asks', { object: '<cluster>:namespace/dev' }, 'ask'],
    ['a claim always asks', { object: 'dev:persistentvolumeclaim/x' }, 'ask'],
    ['a volume always asks', { object: '<cluster>:persistentvolume/x' }, 'ask'],
    ['a definition always asks', { object: '<cluster>:customresourcedefinition/x' }, 'ask'],
    ['a stateful set always asks', { object: 'dev:statefulset/x' }, 'ask'],
    ['a kind with the name of a property asks no more', { object: 'dev:constructor/x' }, 'delete'],
    ['a release without data is deleted', { object: release, contains: ['Deployment'] }, 'delete'],
    ['a release with a stateful set asks', { object: release, contains: ['Deployment', 'StatefulSet'] }, 'ask'],
    ['a release with a claim asks', { object: release, contains: ['PersistentVolumeClaim'] }, 'ask'],
    ['a release that nobody looked into asks', { object: release, contains: undefined }, 'ask'],
    ['what Flux was told to ignore is kept', { ignored: true }, 'keep'],
    ['what may have been meant to be ignored asks', { ignored: undefined }, 'ask'],
    ['also a kind that always asks', { ignored: true, object: 'dev:statefulset/x' }, 'keep'],
  ]
  it.each(rows)('%s', (_label, leaving, kind) => {
    expect(guardDeletion({ ...plain, ...leaving }).kind).toBe(kind)
  })
})
