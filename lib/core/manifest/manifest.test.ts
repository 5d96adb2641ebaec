import { describe, expect, it } from 'vitest'
import { applyRank, sortForApply, sortForDelete } from './apply-order.ts'
import { objectId, parseObjectId } from './object-id.ts'
import { kustomizeDirectories, kustomizeProblems, selectPaths } from './select-paths.ts'

describe('objectId', () => {
  const rows: [label: string, kind: string, metadata: { name: string; namespace?: string }, id: string][] = [
    ['a namespaced object', 'HelmRelease', { name: 'podinfo-dev', namespace: 'dev' }, 'dev:helmrelease/podinfo-dev'],
    ['no namespace', 'ConfigMap', { name: 'a' }, 'default:configmap/a'],
    ['an empty namespace', 'ConfigMap', { name: 'a', namespace: '' }, 'default:configmap/a'],
    ['a cluster-wide kind', 'ClusterRole', { name: 'system:node' }, '<cluster>:clusterrole/system:node'],
    ['a cluster-wide kind with a namespace', 'Namespace', { name: 'a', namespace: 'b' }, '<cluster>:namespace/a'],
  ]
  it.each(rows)('of %s, and back', (_label, kind, metadata, id) => {
    expect(objectId({ kind, metadata })).toBe(id)
    expect(parseObjectId(id)).toMatchObject({ kind: kind.toLowerCase(), name: metadata.name })
  })

  it.each(['', 'podinfo', 'dev:podinfo', 'dev:deployment/', ':deployment/x'])('does not read %j', (id) => {
    expect(parseObjectId(id)).toBeUndefined()
  })
})

describe('sortForApply', () => {
  const ids = [
    'a:helmrelease/x',
    'a:deployment/x',
    'a:configmap/x',
    '<cluster>:namespace/a',
    'a:service/x',
    'a:configmap/b',
  ]
  const ordered = [
    '<cluster>:namespace/a',
    'a:service/x',
    'a:configmap/b',
    'a:configmap/x',
    'a:deployment/x',
    'a:helmrelease/x',
  ]
  it('puts what others need first, by id within a rank', () => {
    expect(sortForApply(ids.map((id) => ({ id }))).map((d) => d.id)).toEqual(ordered)
  })
  it('deletes in the opposite order', () => {
    expect(sortForDelete(ids.map((id) => ({ id }))).map((d) => d.id)).toEqual(ordered.toReversed())
  })

  const ranks: [kind: string, rank: number][] = [
    ['Namespace', 0],
    ['CustomResourceDefinition', 1],
    ['ServiceAccount', 1],
    ['RoleBinding', 2],
    ['Ingress', 2],
    ['StatefulSet', 3],
    ['CronJob', 3],
    ['SealedSecret', 4],
    ['HelmRelease', 4],
  ]
  it.each(ranks)('%s has rank %i', (kind, rank) => {
    expect(applyRank(kind)).toBe(rank)
  })
})

describe('selectPaths', () => {
  const article = [
    'README.md',
    'charts/podinfo/Chart.yaml',
    'charts/podinfo/templates/deployment.yaml',
    'charts/podinfo/values.yaml',
    'hack/ci-mock.sh',
    'namespaces/dev.yaml',
    'releases/dev/podinfo.yaml',
    'releases/prod/podinfo.yml',
    'wheelhouse.yaml',
  ]
  const rows: [label: string, paths: string[], roots: string[] | undefined, want: string[]][] = [
    ['the layout of the article', article, undefined, article.slice(5, 8)],
    ['neither directory: nothing until someone chooses', ['apps/a.yaml', 'charts/x/a.yaml'], undefined, []],
    ['chosen directories', ['apps/a.yaml', 'releases/a.yaml'], ['./apps/'], ['apps/a.yaml']],
    ['the whole repository, when chosen', article, ['.'], article.slice(5, 8)],
    [
      'a directory whose name only begins alike',
      ['releases-old/a.yaml', 'releases/a.yaml'],
      undefined,
      ['releases/a.yaml'],
    ],
    [
      'no chart below a chosen directory',
      ['releases/c/Chart.yaml', 'releases/c/values.yaml', 'releases/c/templates/a.yaml', 'releases/a.yaml'],
      undefined,
      ['releases/a.yaml'],
    ],
    [
      'a directory with values.yaml but no Chart.yaml',
      ['releases/c/values.yaml'],
      undefined,
      ['releases/c/values.yaml'],
    ],
    [
      'nothing in or below a kustomize directory',
      ['releases/k/kustomization.yaml', 'releases/k/a.yaml', 'releases/k/b/c.yaml', 'releases/a.yaml'],
      undefined,
      ['releases/a.yaml'],
    ],
    [
      'a kustomization above the chosen directories does not count',
      ['kustomization.yaml', 'releases/a.yaml'],
      undefined,
      ['releases/a.yaml'],
    ],
    ['other endings are left alone', ['releases/a.json', 'releases/a.yaml.bak'], undefined, []],
  ]
  it.each(rows)('%s', (_label, paths, roots, want) => {
    expect(selectPaths(paths, roots)).toEqual(want)
  })

  it('lists kustomize directories as unsupported', () => {
    const paths = ['releases/k/kustomization.yaml', 'releases/l/Kustomization', 'other/kustomization.yml']
    expect(kustomizeDirectories(paths)).toEqual(['releases/k', 'releases/l'])
    expect(kustomizeProblems(paths).map((p) => [p.code, p.path])).toEqual([
      ['directory-kustomize', 'releases/k'],
      ['directory-kustomize', 'releases/l'],
    ])
  })
})
