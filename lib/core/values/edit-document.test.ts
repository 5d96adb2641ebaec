import { describe, expect, it } from 'vitest'
import { editDocument, type DocumentChange } from './index.ts'

const sha = `sha256:${'a1'.repeat(32)}`
const otherSha = `sha256:${'b2'.repeat(32)}`
const target = { id: 'dev:helmrelease/app', path: 'releases/dev/app.yaml' }

const head = `---
# the app
apiVersion: helm.fluxcd.io/v1
kind: HelmRelease
metadata:
  name: app
  namespace: dev
`
const release = (values: string) => `${head}spec:\n  values:\n${indent(values, 4)}\n`
const annotated = (metadata: string) => `${head}${indent(metadata, 2)}\nspec:\n  suspend: false # why\n`
const indent = (text: string, by: number) =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : ' '.repeat(by) + line))
    .join('\n')

function edit(text: string, ...changes: DocumentChange[]): string {
  const edited = editDocument(text, target, changes)
  return edited.ok ? edited.text : `refused: ${edited.problem.code}`
}
const image = (tag: string, digest?: string, container = 'chart-image'): DocumentChange => ({
  kind: 'image',
  container,
  tag,
  digest,
})
const annotation = (key: string, value: string | null): DocumentChange => ({ kind: 'annotation', key, value })
const scalar = (path: string, value: string): DocumentChange => ({ kind: 'scalar', path: path.split('.'), value })

const chart = (text: string) =>
  `${head}spec:\n  chart:\n${indent(text, 4)}\n  replicas: 2\n  suspend: false\n  list:\n  - a\n  - b\n`
const crlf = (text: string) => text.replaceAll('\n', '\r\n')
const list = (more: string) =>
  `apiVersion: v1\nkind: List\nitems:\n  - metadata:\n      name: app\n      namespace: dev\n${more}    apiVersion: v1\n    kind: HelmRelease\n`

describe('editDocument: image', () => {
  it.each<[label: string, before: string, after: string]>([
    ['image: str', 'image: org/app:1.0 # main', 'image: org/app:v2 # main'],
    ['image: str without tag', 'image: app', 'image: app:v2'],
    ['image: str + tag', 'image: org/app\ntag: v1', 'image: org/app\ntag: v2'],
    ['image: str + registry', 'image: org/app:v1\nregistry: quay.io', 'image: org/app:v2\nregistry: quay.io'],
    [
      'registry + repository + tag',
      'image:\n  registry: quay.io\n  repository: org/app\n  tag: v1\n  pullPolicy: Always',
      'image:\n  registry: quay.io\n  repository: org/app\n  tag: v2\n  pullPolicy: Always',
    ],
    [
      'registry + repository with tag',
      'image:\n  registry: quay.io\n  repository: org/app:v1',
      'image:\n  registry: quay.io\n  repository: org/app:v2',
    ],
    ['the written name form stays', 'image: docker.io/library/nats:v1', 'image: docker.io/library/nats:v2'],
    ['single quotes stay', "image:\n  repository: app\n  tag: 'v1'", "image:\n  repository: app\n  tag: 'v2'"],
    ['double quotes stay', 'image:\n  repository: app\n  tag: "v1"', 'image:\n  repository: app\n  tag: "v2"'],
    ['flow map', 'image: {repository: app, tag: v1}', 'image: {repository: app, tag: v2}'],
    ['JSON', 'image: {"repository":"app","tag":"v1"}', 'image: {"repository":"app","tag":"v2"}'],
    [
      'literal block',
      'image:\n  repository: app\n  tag: |-\n    v1\nx: 1',
      'image:\n  repository: app\n  tag: |-\n    v2\nx: 1',
    ],
    [
      'empty tag',
      'image:\n  repository: app\n  tag: # set by CI\n  x: 1',
      'image:\n  repository: app\n  tag: v2 # set by CI\n  x: 1',
    ],
    ['empty quoted tag', 'image:\n  repository: app\n  tag: ""', 'image:\n  repository: app\n  tag: "v2"'],
    ['null tag', 'image:\n  repository: app\n  tag: ~', 'image:\n  repository: app\n  tag: v2'],
    [
      'tag only in the chart’s defaults',
      'image:\n  repository: app # here\n  pullPolicy: Always',
      'image:\n  repository: app # here\n  tag: v2\n  pullPolicy: Always',
    ],
    [
      'missing tag in a flow map',
      'image: {repository: app, pullPolicy: Always}',
      'image: {repository: app, tag: v2, pullPolicy: Always}',
    ],
    ['missing tag in JSON', 'image: {"repository": "app"}', 'image: {"repository": "app", "tag": "v2"}'],
    [
      'anchor that nothing refers to',
      'image:\n  repository: app\n  tag: &t v1',
      'image:\n  repository: app\n  tag: &t v2',
    ],
    [
      'own tag beside a merge key',
      'x: &i\n  tag: v0\nimage:\n  <<: *i\n  repository: app\n  tag: v1',
      'x: &i\n  tag: v0\nimage:\n  <<: *i\n  repository: app\n  tag: v2',
    ],
    ['already there', 'image: app:v2', 'image: app:v2'],
    [
      'long lines are not folded',
      `image: app:v1\ntext: ${'word '.repeat(40)}end`,
      `image: app:v2\ntext: ${'word '.repeat(40)}end`,
    ],
  ])('%s', (_label, before, after) => {
    expect(edit(release(before), image('v2'))).toBe(release(after))
  })

  it.each<[label: string, before: string, tag: string, after: string]>([
    ['numeric tag written without quotes gets them', 'tag: 1.19', '1.20', 'tag: "1.20"'],
    ['text that would read as a number gets quotes', 'tag: v1', '1234e56', 'tag: "1234e56"'],
    ['octal-looking', 'tag: v1', '0362525', 'tag: "0362525"'],
    ['date', 'tag: v1', '2026-01-02', 'tag: "2026-01-02"'],
    ['truth value', 'tag: v1', 'on', 'tag: "on"'],
    ['three parts need none', 'tag: 1.19', '1.20.1', 'tag: 1.20.1'],
    ['single quotes hold a number', "tag: 'v1'", '1.20', "tag: '1.20'"],
  ])('%s', (_label, before, tag, after) => {
    expect(edit(release(`image: app\n${before}`), image(tag))).toBe(release(`image: app\n${after}`))
  })

  it.each<[label: string, before: string, after: string]>([
    ['in the reference', `image: app:v1@${sha}`, `image: app:v2@${otherSha}`],
    ['in the tag', `image: app\ntag: v1@${sha}`, `image: app\ntag: v2@${otherSha}`],
    [
      'beside the tag',
      `image:\n  repository: app\n  digest: "${sha}"\n  tag: v1`,
      `image:\n  repository: app\n  digest: "${otherSha}"\n  tag: v2`,
    ],
    ['none is added', 'image: app:v1', 'image: app:v2'],
  ])('digest %s', (_label, before, after) => {
    expect(edit(release(before), image('v2', otherSha))).toBe(release(after))
  })

  it.each<[label: string, values: string, change: DocumentChange, code: string]>([
    ['digest beside the tag, new one unknown', `image: app:v1@${sha}`, image('v2'), 'digest-unknown'],
    [
      'digest key, new one unknown',
      `image:\n  repository: app\n  tag: v1\n  digest: ${sha}`,
      image('v2'),
      'digest-unknown',
    ],
    ['tag of 300 characters', 'image: app:v1', image('t'.repeat(300)), 'tag-invalid'],
    ['tag with a line break', 'image: app:v1', image('a\nb: c'), 'tag-invalid'],
    ['digest that is none', `image: app:v1@${sha}`, image('v2', 'sha256:1'), 'digest-invalid'],
    ['no such container', 'image: app:v1', image('v2', undefined, 'nats'), 'container-missing'],
    ['tag is an alias', 'x: &t v1\nimage:\n  repository: app\n  tag: *t', image('v2'), 'edit-shared'],
    ['image is an alias', 'x: &i\n  repository: app\n  tag: v1\nimage: *i', image('v2'), 'edit-shared'],
    ['tag comes by a merge key', 'x: &i\n  tag: v1\nimage:\n  <<: *i\n  repository: app', image('v2'), 'edit-shared'],
    [
      'anchored tag used elsewhere',
      'image:\n  repository: app\n  tag: &t v1\nversion: *t',
      image('v2'),
      'edit-not-exact',
    ],
  ])('refuses: %s', (_label, values, change, code) => {
    expect(edit(release(values), change)).toBe(`refused: ${code}`)
  })
})

describe('editDocument: annotation', () => {
  it.each<[label: string, before: string, change: DocumentChange, after: string]>([
    [
      'set, quotes stay',
      'annotations:\n  fluxcd.io/automated: "false" # c',
      annotation('fluxcd.io/automated', 'true'),
      'annotations:\n  fluxcd.io/automated: "true" # c',
    ],
    [
      'set a filter without quotes',
      'annotations:\n  fluxcd.io/tag.a: semver:~0.4',
      annotation('fluxcd.io/tag.a', 'semver:>=0.5, <1'),
      'annotations:\n  fluxcd.io/tag.a: semver:>=0.5, <1',
    ],
    ['set what already stands', "annotations:\n  a: 'x'", annotation('a', 'x'), "annotations:\n  a: 'x'"],
    [
      'add behind the last',
      'annotations:\n  a: x # c\n  # end\nlabels:\n  l: m',
      annotation('fluxcd.io/automated', 'true'),
      'annotations:\n  a: x # c\n  fluxcd.io/automated: "true"\n  # end\nlabels:\n  l: m',
    ],
    [
      'add behind a block scalar',
      'annotations:\n  a: |\n    one\n    two\nlabels: {}',
      annotation('b', 'c'),
      'annotations:\n  a: |\n    one\n    two\n  b: c\nlabels: {}',
    ],
    ['add in four spaces', 'annotations:\n    a: x', annotation('b', 'c'), 'annotations:\n    a: x\n    b: c'],
    [
      'add to an empty flow map',
      'annotations: {}',
      annotation('fluxcd.io/automated', 'true'),
      'annotations: {fluxcd.io/automated: "true"}',
    ],
    ['add to a flow map', 'annotations: { a: x }', annotation('b', 'c, d'), 'annotations: { a: x, b: "c, d" }'],
    [
      'add to nothing',
      'annotations: # none yet\nlabels: {}',
      annotation('b', 'c'),
      'annotations: # none yet\n  b: c\nlabels: {}',
    ],
    ['add to a written null', 'annotations: null', annotation('b', 'c'), 'annotations: {b: c}'],
    ['add the map itself', 'labels:\n  l: m', annotation('b', 'c'), 'annotations:\n  b: c\nlabels:\n  l: m'],
    [
      'text of several lines',
      'annotations:\n  a: x',
      annotation('a', 'one\ntwo: "3" # 4'),
      'annotations:\n  a: "one\\ntwo: \\"3\\" # 4"',
    ],
    ['text with an apostrophe', "annotations:\n  a: 'x'", annotation('a', "don't"), "annotations:\n  a: 'don''t'"],
    ['delete one of two', 'annotations:\n  a: x # c\n  b: z', annotation('a', null), 'annotations:\n  b: z'],
    [
      'delete a block scalar',
      'annotations:\n  b: z\n  a: |\n    one\n    two\nlabels: {}',
      annotation('a', null),
      'annotations:\n  b: z\nlabels: {}',
    ],
    ['delete in a flow map, first', 'annotations: {a: x, b: z}', annotation('a', null), 'annotations: {b: z}'],
    ['delete in a flow map, last', 'annotations: {b: z, a: x}', annotation('a', null), 'annotations: {b: z}'],
    ['delete what is not there', 'annotations:\n  b: z', annotation('a', null), 'annotations:\n  b: z'],
  ])('%s', (_label, before, change, after) => {
    expect(edit(annotated(before), change)).toBe(annotated(after))
  })

  it.each<[label: string, before: string]>([
    ['block map', 'annotations:\n  a: x\nlabels: {}'],
    ['flow map', 'annotations: {a: x}\nlabels: {}'],
  ])('an emptied map is removed: %s', (_label, before) => {
    expect(edit(annotated(before), annotation('a', null))).toBe(annotated('labels: {}'))
  })

  it.each<[label: string, before: string, after: string]>([
    [
      'metadata in a flow map',
      'metadata: {name: app, namespace: dev}',
      'metadata: {name: app, namespace: dev, annotations: {a: b}}',
    ],
    [
      'JSON',
      '{"metadata": {"name": "app", "namespace": "dev"}}',
      '{"metadata": {"name": "app", "namespace": "dev", "annotations": {"a": "b"}}}',
    ],
    [
      'JSON over several lines',
      '{"metadata": {\n    "name": "app",\n    "namespace": "dev"\n  }\n}',
      '{"metadata": {\n    "name": "app",\n    "namespace": "dev",\n    "annotations": {"a": "b"}\n  }\n}',
    ],
    [
      'no line break at the end',
      'metadata:\n  name: app\n  namespace: dev',
      'metadata:\n  name: app\n  namespace: dev\n  annotations:\n    a: b',
    ],
    [
      'four spaces',
      'metadata:\n    name: app\n    namespace: dev\n',
      'metadata:\n    name: app\n    namespace: dev\n    annotations:\n        a: b\n',
    ],
  ])('adds the map: %s', (_label, before, after) => {
    const json = before.startsWith('{')
    const wrap = (text: string) =>
      json
        ? text.replace('{', '{"apiVersion": "v1", "kind": "HelmRelease", ')
        : `apiVersion: v1\nkind: HelmRelease\n${text}`
    expect(edit(wrap(before), annotation('a', 'b'))).toBe(wrap(after))
  })

  it.each<[label: string, before: string, code: string]>([
    ['annotations are an alias', 'labels: &l\n  a: x\nannotations: *l', 'edit-shared'],
    ['value used elsewhere', 'annotations:\n  a: &v x\nlabels:\n  l: *v', 'edit-not-exact'],
  ])('refuses: %s', (_label, before, code) => {
    expect(edit(annotated(before), annotation('a', 'z'))).toBe(`refused: ${code}`)
  })
})

describe('editDocument: scalar', () => {
  it.each<[label: string, before: string, change: DocumentChange, after: string]>([
    ['rewrites', 'ref: master\npath: x', scalar('spec.chart.ref', 'abc123'), 'ref: abc123\npath: x'],
    ['adds a key to a map that exists', 'path: x # c', scalar('spec.chart.ref', 'abc'), 'path: x # c\nref: abc'],
    ['an all-digit commit stays text', 'ref: master', scalar('spec.chart.ref', '1234567'), 'ref: "1234567"'],
  ])('%s', (_label, before, change, after) => {
    expect(edit(chart(before), change)).toBe(chart(after))
  })

  it('a number stays a number, a truth value a truth value, a list item is reached', () => {
    const edited = edit(chart('path: x'), scalar('spec.replicas', '3'), scalar('spec.suspend', 'true'), {
      kind: 'scalar',
      path: ['spec', 'list', 1],
      value: 'c',
    })
    expect(edited).toBe(
      chart('path: x').replace('replicas: 2', 'replicas: 3').replace('false', 'true').replace('- b', '- c'),
    )
  })

  it.each([
    ['missing parents are not made', 'spec.nowhere.ref', 'edit-parent-missing'],
    ['a map is not overwritten', 'spec.chart', 'edit-not-scalar'],
    ['a list is not overwritten', 'spec.list', 'edit-not-scalar'],
    ['the object stays the object', 'metadata.name', 'edit-not-exact'],
  ])('refuses: %s', (_label, path, code) => {
    expect(edit(chart('path: x'), scalar(path, 'y'))).toBe(`refused: ${code}`)
  })
})

describe('editDocument: the file around', () => {
  const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n    name: c\ndata:\n    image: app:v1\n'
  it.each<[label: string, before: string]>([
    ['several documents', `${other}---\n${release('image: app:v1')}---\n${other.replace('name: c', 'name: d')}`],
    ['CRLF', release('image: app:v1').replaceAll('\n', '\r\n')],
    ['byte order mark', `\uFEFF${release('image: app:v1').replace('---\n', '')}`],
    ['no line break at the end', release('image: app:v1').trimEnd()],
    ['tabs and blank lines in comments', release('image: app:v1\n\n#\ttab\n\nx: 1')],
    [
      'item of a List',
      `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: HelmRelease\n  metadata:\n    name: app\n    namespace: dev\n  spec:\n    values:\n      image: app:v1\n`,
    ],
  ])('only the tag’s bytes change: %s', (_label, before) => {
    // The ConfigMaps around hold the same text; only the HelmRelease's changes.
    const at = before.indexOf('app:v1', before.indexOf('HelmRelease'))
    expect(edit(before, image('v2'))).toBe(`${before.slice(0, at)}app:v2${before.slice(at + 'app:v1'.length)}`)
  })

  it('adds lines with CRLF to a CRLF file', () => {
    expect(edit(crlf(annotated('annotations:\n  a: x')), annotation('b', 'c'))).toBe(
      crlf(annotated('annotations:\n  a: x\n  b: c')),
    )
  })

  it('adds to an item of a List in its indentation', () => {
    expect(edit(list(''), annotation('a', 'b'))).toBe(list('      annotations:\n        a: b\n'))
  })

  it('makes all changes, each on top of the one before', () => {
    const edited = edit(
      release('image: app:v1'),
      annotation('fluxcd.io/locked', 'true'),
      annotation('fluxcd.io/locked_msg', 'back: 2.0'),
      image('v0'),
    )
    const expected = release('image: app:v0').replace(
      '  namespace: dev\n',
      '  namespace: dev\n  annotations:\n    fluxcd.io/locked: "true"\n    fluxcd.io/locked_msg: "back: 2.0"\n',
    )
    expect(edited).toBe(expected)
  })

  it('makes none where one is refused', () => {
    expect(edit(release('image: app:v1'), image('v2'), image('v2', undefined, 'gone'))).toBe(
      'refused: container-missing',
    )
  })

  it('takes a missing namespace from the default given', () => {
    const text = release('image: app:v1').replace('  namespace: dev\n', '')
    expect(edit(text, image('v2'))).toBe('refused: document-missing')
    const edited = editDocument(text, target, [image('v2')], { defaultNamespace: 'dev' })
    expect(edited).toEqual({ ok: true, text: text.replace('app:v1', 'app:v2') })
  })

  it.each([
    ['not in the file', 'a: b\n', 'document-missing'],
    ['the file is no YAML', 'a: [', 'yaml-invalid'],
    ['written twice', release('image: app:v1') + release('image: app:v1'), 'object-duplicate'],
  ])('refuses: %s', (_label, text, code) => {
    expect(edit(text, image('v2'))).toBe(`refused: ${code}`)
    expect(edit(text)).toBe(`refused: ${code}`)
  })
})
