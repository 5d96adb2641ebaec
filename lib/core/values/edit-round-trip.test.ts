import { describe, expect, it } from 'vitest'
import { editDocument, type DocumentChange } from './index.ts'
import { readsAsText, writeText } from './scalar-text.ts'

const target = { id: 'dev:helmrelease/app', path: 'app.yaml' }
const layouts = {
  'no annotations': 'metadata:\n  name: app\n  namespace: dev\n',
  'annotations first': 'metadata:\n  annotations:\n    a: x\n  name: app\n  namespace: dev\n',
  'annotations last, with comments':
    'metadata:\n  name: app\n  namespace: dev # ns\n  # before\n  annotations: # here\n    # one\n    a: "x" # c\n    # end\n',
  'labels behind': 'metadata:\n  name: app\n  namespace: dev\n  labels:\n    l: |\n      text\n\n      more\n',
  'block scalar last':
    'metadata:\n  name: app\n  namespace: dev\n  annotations:\n    a: >-\n      folded\n      text\n',
  'four spaces': 'metadata:\n    name: app\n    namespace: dev\n    annotations:\n        a: x\n',
  'flow annotations': 'metadata:\n  name: app\n  namespace: dev\n  annotations: {a: x, b: "y"}\n',
  'flow metadata': 'metadata: {name: app, namespace: dev}\n',
  'quoted keys': '"metadata":\n  "name": "app"\n  "namespace": \'dev\'\n  "annotations":\n    "a": "x"\n',
  'multi-line flow': 'metadata: {\n  name: app,\n  namespace: dev, # ns\n  annotations: {\n    a: x # c\n  }\n}\n',
  'explicit document end': 'metadata:\n  name: app\n  namespace: dev\n  annotations:\n    a: x\n...\n',
}
const document = (metadata: string) => {
  const end = metadata.endsWith('...\n') ? '...\n' : ''
  const body = metadata.slice(0, metadata.length - end.length)
  return `apiVersion: helm.fluxcd.io/v1\nkind: HelmRelease\nspec:\n  values:\n    image: app:v1\n${body}${end}`
}

const texts = [
  'true',
  '0.4',
  '',
  ' ',
  'a b',
  'a: b',
  'a #b',
  '#',
  '- x',
  '? x',
  '*',
  '&a',
  '!t',
  '%d',
  '@x',
  '`',
  '"',
  "'",
  '\\',
  '{x}',
  '[x]',
  'a,b',
  '|',
  '>',
  '=',
  '~',
  'null',
  'yes',
  '1e3',
  '0x1f',
  '12:30:00',
  '2026-01-02',
  '---',
  '...',
  'a\nb',
  'a\tb',
  'trailing ',
  ' leading',
  'é ü 漢',
  '\u0085',
  '\u2028',
  '🙂',
  'glob:dev-*',
  'semver:>=1.0, <2',
  String.raw`regexp:^v?(\d+)\.x$`,
  'colon:',
  'x'.repeat(300),
]

const edit = (text: string, ...changes: DocumentChange[]) => editDocument(text, target, changes)
const annotation = (key: string, value: string | null): DocumentChange => ({ kind: 'annotation', key, value })

describe('any annotation in any layout', () => {
  it.each(Object.entries(layouts))('comes and goes without a trace: %s', (_label, metadata) => {
    for (const before of [
      document(metadata),
      document(metadata).replaceAll('\n', '\r\n'),
      document(metadata).trimEnd(),
    ]) {
      for (const value of texts) {
        const added = edit(before, annotation('wheelhouse.dev/note', value))
        expect([value, added.ok]).toEqual([value, true])
        const gone = added.ok ? edit(added.text, annotation('wheelhouse.dev/note', null)) : added
        // A line added behind an unterminated last line leaves that line's break behind.
        expect(gone.ok && gone.text.trimEnd()).toBe(before.trimEnd())
      }
    }
  })

  it.each(Object.entries(layouts).filter(([, metadata]) => /\ba"?:/.test(metadata)))(
    'takes any text as a new value: %s',
    (_label, metadata) => {
      for (const value of texts) {
        const edited = edit(document(metadata), annotation('a', value))
        expect([value, edited.ok]).toEqual([value, true])
        const again = edited.ok ? edit(edited.text, annotation('a', value)) : edited
        expect(again).toEqual(edited)
      }
    },
  )
})

describe('readsAsText', () => {
  it.each([
    '1.20',
    '150',
    '0362525',
    '1e5',
    '1234e567',
    '1_000',
    '0x1F',
    '0b11',
    '0o17',
    '.5',
    '-1',
    '.inf',
    '.NaN',
    'y',
    'No',
    'ON',
    'True',
    'NULL',
    '~',
    '',
    '190:20:30',
    '2026-01-02',
    '2026-01-02T03:04:05Z',
    '=',
  ])('%s does not', (text) => {
    expect(readsAsText(text)).toBe(false)
  })
  it.each(['v1', '1.2.3', 'dev-abc', '1.20-rc.1', 'e5', '1234f56', 'yes-1', '0xyz', '2026-01', 'latest', '1.2.3.4'])(
    '%s does',
    (text) => {
      expect(readsAsText(text)).toBe(true)
    },
  )
})

describe('writeText', () => {
  it.each<[label: string, text: string, quotes: Parameters<typeof writeText>[1], inFlow: boolean, expected: string]>([
    ['plain', 'a:b', 'plain', false, 'a:b'],
    ['plain, comma in a block', 'a, b', 'plain', false, 'a, b'],
    ['plain, comma in a flow map', 'a, b', 'plain', true, '"a, b"'],
    ['plain, comment', 'a #b', 'plain', false, '"a #b"'],
    ['single', "it's", 'single', false, "'it''s'"],
    ['single cannot hold a line break', 'a\nb', 'single', false, '"a\\nb"'],
    ['double', 'a"b', 'double', false, '"a\\"b"'],
  ])('%s', (_label, text, quotes, inFlow, expected) => {
    expect(writeText(text, quotes, inFlow)).toBe(expected)
  })
})
