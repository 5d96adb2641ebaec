import { describe, expect, it } from 'vitest'
import { isMap, parseDocument } from 'yaml'
import { formatImageRef } from '../image/index.ts'
import { detectContainers, detectContainersInNode } from './index.ts'

const sha = `sha256:${'a1'.repeat(32)}`
const id = 'dev:helmrelease/app'

function release(values: string, kind = 'HelmRelease'): string {
  const indented = values
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
  return `apiVersion: helm.fluxcd.io/v1\nkind: ${kind}\nmetadata:\n  name: app\n  namespace: dev\nspec:\n  values:\n${indented}\n`
}

function detect(values: string, annotations: Record<string, string> = {}) {
  return detectContainers(release(values), { id }, annotations)
}

/** `name image needsFilter? path-of-the-tag` per container. */
function rows(values: string, annotations: Record<string, string> = {}): string[] {
  return detect(values, annotations).containers.map(({ name, image, needsFilter, tagPath }) =>
    [name, formatImageRef(image), needsFilter ? 'needs-filter' : 'as-flux', tagPath.slice(2).join('.')].join(' '),
  )
}

describe('detectContainers', () => {
  it.each<[label: string, values: string, expected: string[]]>([
    ['image: str', 'image: stefanprodan/podinfo:dev-a', ['chart-image stefanprodan/podinfo:dev-a as-flux image']],
    ['image: str without tag', 'image: podinfo', ['chart-image podinfo as-flux image']],
    ['image: str + tag', 'image: org/app\ntag: "1.0"', ['chart-image org/app:1.0 as-flux tag']],
    [
      'image: str + registry',
      'image: org/app:1.0\nregistry: quay.io',
      ['chart-image quay.io/org/app:1.0 as-flux image'],
    ],
    [
      'image: str + registry + tag',
      'image: org/app\nregistry: quay.io\ntag: v1',
      ['chart-image quay.io/org/app:v1 as-flux tag'],
    ],
    [
      'image map: repository with tag inside',
      'image:\n  repository: org/app:1.0.0',
      ['chart-image org/app:1.0.0 as-flux image.repository'],
    ],
    [
      'image map: repository + tag',
      'image:\n  repository: org/app\n  tag: v1',
      ['chart-image org/app:v1 as-flux image.tag'],
    ],
    [
      'image map: registry + repository + tag',
      'image:\n  registry: quay.io\n  repository: org/app\n  tag: v1',
      ['chart-image quay.io/org/app:v1 as-flux image.tag'],
    ],
    [
      'image map: registry + repository',
      'image:\n  registry: quay.io\n  repository: org/app:1.0',
      ['chart-image quay.io/org/app:1.0 as-flux image.repository'],
    ],
    ['tag only in the chart’s defaults', 'image:\n  repository: org/app', ['chart-image org/app as-flux image.tag']],
    [
      'own registry by address and port',
      'image:\n  repository: 127.0.0.1:5000/podinfo\n  tag: dev-a',
      ['chart-image 127.0.0.1:5000/podinfo:dev-a as-flux image.tag'],
    ],
    [
      'one level below',
      'nats:\n  image: nats:2.1\nother:\n  image:\n    repository: x\n    tag: v2',
      ['nats nats:2.1 as-flux nats.image', 'other x:v2 as-flux other.image.tag'],
    ],
    [
      'chart-image first, then by name',
      'b:\n  image: b:v1\na:\n  image: a:v1\nimage: z:v1',
      ['chart-image z:v1 as-flux image', 'a a:v1 as-flux a.image', 'b b:v1 as-flux b.image'],
    ],
    ['deeper: extension', 'x:\n  z:\n    image: org/app:v1', ['x.z org/app:v1 needs-filter x.z.image']],
    [
      'in a list: extension',
      'sidecars:\n- image: org/app:v1\n- name: b',
      ['sidecars.0 org/app:v1 needs-filter sidecars.0.image'],
    ],
    ['image.name: extension', 'image:\n  name: org/app\n  tag: v1', ['chart-image org/app:v1 needs-filter image.tag']],
    [
      'unquoted float tag by source text',
      'image:\n  repository: app\n  tag: 1.20',
      ['chart-image app:1.20 as-flux image.tag'],
    ],
    ['unquoted number tag', 'image: app\ntag: 150', ['chart-image app:150 as-flux tag']],
    ['unquoted octal-looking tag', 'image: app\ntag: 0362525', ['chart-image app:0362525 as-flux tag']],
    ['unquoted exponent tag', 'image: app\ntag: 1234e56', ['chart-image app:1234e56 as-flux tag']],
    [
      'empty tag hides it from Flux',
      'image:\n  repository: app\n  tag: ""',
      ['chart-image app needs-filter image.tag'],
    ],
    [
      'empty registry hides it from Flux',
      'image:\n  registry: ""\n  repository: app\n  tag: v1',
      ['chart-image app:v1 needs-filter image.tag'],
    ],
    ['null tag', 'image:\n  repository: app\n  tag:', ['chart-image app as-flux image.tag']],
    ['digest in the reference', `image: app:1.2@${sha}`, [`chart-image app:1.2@${sha} as-flux image`]],
    [
      'digest beside the tag',
      `image:\n  repository: app\n  tag: v1\n  digest: ${sha}`,
      [`chart-image app:v1@${sha} as-flux image.tag`],
    ],
    [
      'digest in the tag',
      `image:\n  repository: app\n  tag: v1@${sha}`,
      [`chart-image app:v1@${sha} as-flux image.tag`],
    ],
    [
      'empty digest is none',
      'image:\n  repository: app\n  tag: v1\n  digest: ""',
      ['chart-image app:v1 as-flux image.tag'],
    ],
    ['tag beside a tag in the repository wins', 'image: app:1.0\ntag: v2', ['chart-image app:v2 as-flux tag']],
    ['flow maps', 'image: {repository: app, tag: "v1"}', ['chart-image app:v1 as-flux image.tag']],
    ['block scalar', 'image:\n  repository: app\n  tag: |-\n    v1', ['chart-image app:v1 as-flux image.tag']],
    ['alias', 'base: &i\n  repository: app\n  tag: v1\nimage: *i', ['chart-image app:v1 as-flux image.tag']],
    [
      'merge key',
      'base: &i\n  repository: app\n  tag: v1\nimage:\n  <<: *i\n  tag: v2',
      ['chart-image app:v2 as-flux image.tag'],
    ],
    ['tag is a map', 'image:\n  repository: app\n  tag:\n    a: b', []],
    ['repository is a number', 'image:\n  repository: 5', []],
    ['no image', 'replicas: 2', []],
    ['a picture deep below is none', 'theme:\n  logo:\n    image: https://example.com/a.png', []],
  ])('%s', (_label, values, expected) => {
    expect(rows(values)).toEqual(expected)
  })

  const mapped =
    'app:\n  main:\n    repo: org/app\n    version: 1.20\n    host: quay.io\nimage: z:v1\nnats:\n  image: nats:v2'
  it.each<[label: string, annotations: Record<string, string>, expected: string | undefined]>([
    ['repository alone', { 'repository.fluxcd.io/x': 'app.main.repo' }, 'x org/app as-flux app.main.repo'],
    [
      'repository and tag',
      { 'repository.fluxcd.io/x': 'app.main.repo', 'tag.fluxcd.io/x': 'app.main.version' },
      'x org/app:1.20 as-flux app.main.version',
    ],
    [
      'all three',
      {
        'repository.fluxcd.io/x': 'app.main.repo',
        'tag.fluxcd.io/x': 'app.main.version',
        'registry.fluxcd.io/x': 'app.main.host',
      },
      'x quay.io/org/app:1.20 as-flux app.main.version',
    ],
    [
      'a tag key that can be added',
      { 'repository.fluxcd.io/x': 'app.main.repo', 'tag.fluxcd.io/x': 'app.main.tag' },
      'x org/app as-flux app.main.tag',
    ],
    ['unresolved repository', { 'repository.fluxcd.io/x': 'app.nowhere' }, undefined],
    ['unresolved registry', { 'repository.fluxcd.io/x': 'app.main.repo', 'registry.fluxcd.io/x': 'gone' }, undefined],
    ['unresolved tag', { 'repository.fluxcd.io/x': 'app.main.repo', 'tag.fluxcd.io/x': 'gone.tag' }, undefined],
    ['leads to a map', { 'repository.fluxcd.io/x': 'app.main' }, undefined],
    ['tag without repository', { 'tag.fluxcd.io/x': 'app.main.version' }, undefined],
  ])('mapped path: %s', (_label, annotations, expected) => {
    expect(rows(mapped, annotations).find((row) => row.startsWith('x '))).toBe(expected)
  })

  it('tells an unresolved path', () => {
    const { problems } = detect(mapped, { 'repository.fluxcd.io/x': 'app.nowhere' })
    expect(problems).toMatchObject([{ code: 'image-path-unresolved', severity: 'warning', subject: 'x' }])
  })

  it('a mapped path overrides detection by name and by place', () => {
    expect(rows(mapped, { 'repository.fluxcd.io/nats': 'app.main.repo' })).toEqual([
      'chart-image z:v1 as-flux image',
      'nats org/app as-flux app.main.repo',
    ])
    expect(rows(mapped, { 'repository.fluxcd.io/main': 'image' })).toEqual([
      'main z:v1 as-flux image',
      'nats nats:v2 as-flux nats.image',
    ])
  })

  it.each([
    ['tag of 300 characters', `image:\n  repository: app\n  tag: ${'t'.repeat(300)}`],
    ['space in the reference', 'image: app one'],
    ['digest cut short', 'image: app:1@sha256:abc'],
  ])('warns of what is no reference: %s', (_label, values) => {
    const { containers, problems } = detect(values)
    expect(containers).toEqual([])
    expect(problems).toMatchObject([{ code: 'image-invalid', severity: 'warning', subject: 'chart-image' }])
  })

  it.each([
    ['another kind', release('image: app:v1', 'Deployment'), 'dev:deployment/app'],
    ['another object', release('image: app:v1'), 'dev:helmrelease/other'],
    ['no YAML', 'a: [', id],
    ['no values', 'apiVersion: v1\nkind: HelmRelease\nmetadata:\n  name: app\n  namespace: dev\nspec: {}\n', id],
  ])('nothing: %s', (_label, text, target) => {
    expect(detectContainers(text, { id: target }, {})).toEqual({ containers: [], problems: [] })
  })

  it('ends where an anchor holds itself twice', () => {
    const text = release('a: &a\n  b: *a\n  c: *a\nimage: app:v1')
    const node = parseDocument(text).contents
    expect(isMap(node) && detectContainersInNode(node, text, {}).containers).toMatchObject([{ name: 'chart-image' }])
  })

  it('finds an item of a List and a document without namespace', () => {
    const item =
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: helm.fluxcd.io/v1\n  kind: HelmRelease\n  metadata: {name: app}\n  spec: {values: {image: "app:v1"}}\n'
    expect(detectContainers(item, { id, defaultNamespace: 'dev' }, {}).containers).toMatchObject([
      { name: 'chart-image' },
    ])
    expect(detectContainers(item, { id }, {}).containers).toEqual([])
  })
})
