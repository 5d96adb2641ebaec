import { describe, expect, it } from 'vitest'
import { parseManifestFile } from '../manifest/index.ts'
import { restoreSpec } from './restore-spec.ts'

const target = { id: 'prod:helmrelease/app', path: 'releases/prod/app.yaml' }
const head = `apiVersion: helm.fluxcd.io/v1
kind: HelmRelease
metadata:
  name: app
  namespace: prod
`
const restore = (now: string, then: string): string => {
  const restored = restoreSpec(now, target, { text: then })
  return restored.ok ? restored.text : `refused: ${restored.problem.code}`
}
const specOf = (text: string): unknown =>
  parseManifestFile({ path: '', text, blob: '' }).documents.find(({ id }) => id === target.id)?.object.spec
const crlf = (text: string): string => text.replaceAll('\n', '\r\n')
const indent = (text: string, by: number): string => text.replaceAll(/^(?=.)/gm, ' '.repeat(by))

const oldSpec = `spec:
  # why two
  chart: {path: charts/app}   # here

  values:
    image: app:v1 # old
    text: |
      one
        two

      three
    list:
    - a
    -   b: "c"
`
const newSpec = 'spec:\n  chart:\n    path: charts/app\n    ref: abc\n  values:\n    image: app:v2\n'
const other = '---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\ndata: {spec: "x"}\n'
const list = (spec: string, first = ''): string =>
  `apiVersion: v1\nkind: List\nitems:\n  - ${first}apiVersion: helm.fluxcd.io/v1\n    kind: HelmRelease\n    metadata:\n      name: app\n      namespace: prod\n${spec}`

const json = (spec: string): string =>
  `{"apiVersion": "helm.fluxcd.io/v1", "kind": "HelmRelease", "metadata": {"name": "app", "namespace": "prod"}, "spec": ${spec}}\n`

describe('restoreSpec, byte for byte', () => {
  const rows: [label: string, now: string, then: string, want: string][] = [
    ['plain', head + newSpec, head + oldSpec, head + oldSpec],
    ['the same', head + oldSpec, head + oldSpec, head + oldSpec],
    [
      'metadata as it is now',
      head.replace('  name', '  annotations: {a: b}\n  name') + newSpec,
      head + oldSpec,
      head.replace('  name', '  annotations: {a: b}\n  name') + oldSpec,
    ],
    ['spec first', newSpec + head, head + oldSpec, oldSpec + head],
    [
      'spec in the middle, earlier at the end without a line break',
      newSpec + head,
      (head + newSpec).trimEnd(),
      newSpec + head,
    ],
    ['no line break at the end now', (head + newSpec).trimEnd(), head + oldSpec, head + oldSpec],
    [
      'other documents around',
      `# file\n${head}${newSpec}# end\n${other}`,
      other + head.replace(/^/, '---\n') + oldSpec,
      `# file\n${head}${oldSpec}# end\n${other}`,
    ],
    [
      'comments in front of it stay',
      `${head}# now\n${newSpec}`,
      `${head}# then\n${oldSpec}`,
      `${head}# now\n${oldSpec}`,
    ],
    ['CRLF now', crlf(head + newSpec), head + oldSpec, crlf(head + oldSpec)],
    ['CRLF then', head + newSpec, crlf(head + oldSpec), head + oldSpec],
    ['an item of a List now', list(indent(newSpec, 4)), head + oldSpec, list(indent(oldSpec, 4))],
    ['an item of a List then', head + newSpec, list(indent(oldSpec, 4)), head + oldSpec],
    [
      'a block scalar last, kept open',
      `${newSpec}${head}`,
      `${head}spec:\n  values:\n    a: |+\n      x\n\n`,
      `spec:\n  values:\n    a: |+\n      x\n\n${head}`,
    ],
    ['a key without a value last', head + newSpec, `${head}spec:\n  values:\n`, `${head}spec:\n  values:\n`],
    [
      'an anchor of its own',
      head + newSpec,
      `${head}spec:\n  a: &x {b: c}\n  d: *x\n`,
      `${head}spec:\n  a: &x {b: c}\n  d: *x\n`,
    ],
    [
      'in braces then',
      head + newSpec,
      `${head}spec: {values: {image: app:v1}}\n`,
      `${head}spec: {values: {image: app:v1}}\n`,
    ],
  ]
  it.each(rows)('%s', (_label, now, then, want) => {
    expect(restore(now, then)).toBe(want)
  })
})

describe('restoreSpec, written anew where the form does not fit', () => {
  const rows: [label: string, now: string, then: string, keeps: string][] = [
    ['JSON now', json('{"values": {"image": "app:v2"}}'), head + oldSpec, '{"apiVersion": "helm.fluxcd.io/v1", "kind"'],
    ['JSON then', head + newSpec, json('{"values": {"on": "yes", "n": "012", "f": 1.5, "e": {}, "l": []}}'), head],
    [
      'both JSON',
      json('{"values": {"image": "app:v2"}}'),
      json('{"values": {"image": "app:v1"}}'),
      '"spec": {"values":{"image":"app:v1"}}',
    ],
    [
      'an anchor of another place',
      head + newSpec,
      `${head.replace('name: app', 'name: &n app')}spec:\n  values:\n    name: *n\n`,
      head,
    ],
    [
      'spec behind the dash of its item',
      list('', `spec:\n      values: {image: app:v2}\n    `),
      head + oldSpec,
      'kind: List',
    ],
    [
      'a line that cannot go to the left',
      head + newSpec,
      list('    spec:\n      values:\n# here\n        image: app:v1\n'),
      head,
    ],
  ]
  it.each(rows)('%s', (_label, now, then, keeps) => {
    const restored = restore(now, then)
    expect(restored).toContain(keeps)
    expect(specOf(restored)).toEqual(specOf(then))
    expect(specOf(restored)).toBeDefined()
  })
})

it.each([
  ['the document is gone now', other, head + oldSpec, 'document-missing'],
  ['the document was not there then', head + oldSpec, other, 'document-missing'],
  ['the file is no YAML', `${head}spec: [`, head + oldSpec, 'yaml-invalid'],
  ['no spec now', head, head + oldSpec, 'spec-missing'],
  [
    'an anchor that another place needs',
    `${newSpec.replace('values:', 'values: &v')}${head}  labels: *v\n`,
    head + oldSpec,
    'restore-not-exact',
  ],
])('refuses: %s', (_label, now, then, code) => {
  expect(restore(now, then)).toBe(`refused: ${code}`)
})
