import { describe, expect, it } from 'vitest'
import { parseManifestFile, parseManifestNodes } from './parse-manifest-file.ts'

const parse = (text: string, path = 'releases/dev/podinfo.yaml') => parseManifestFile({ path, text, blob: 'b10b' })
const configMap = (name: string, more = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`

describe('parseManifestFile', () => {
  it('gives each document its id, line, range and digest', () => {
    const text = `# first\n${configMap('a', '  namespace: dev\n')}---\n\n${configMap('b')}`
    const { documents, problems } = parse(text)
    expect(problems).toEqual([])
    expect(documents.map(({ id, line, path, blob }) => ({ id, line, path, blob }))).toEqual([
      { id: 'dev:configmap/a', line: 2, path: 'releases/dev/podinfo.yaml', blob: 'b10b' },
      { id: 'default:configmap/b', line: 9, path: 'releases/dev/podinfo.yaml', blob: 'b10b' },
    ])
    const [first, second] = documents
    expect(text.slice(...(first?.range ?? [0, 0]))).toContain('name: a')
    expect(text.slice(...(first?.range ?? [0, 0]))).not.toContain('name: b')
    expect(text.slice(...(second?.range ?? [0, 0]))).toContain('name: b')
    expect(first?.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(first?.digest).not.toBe(second?.digest)
  })

  it('has one digest for one object however it is laid out', () => {
    const flow = '{"kind":"ConfigMap","metadata":{"name":"a"},"apiVersion":"v1"}'
    expect(parse(flow).documents[0]?.digest).toBe(parse(configMap('a')).documents[0]?.digest)
  })

  it('reads the items of a List as objects with their own places', () => {
    const text =
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: b}\n'
    const { documents } = parse(text)
    expect(documents.map(({ id, line }) => [id, line])).toEqual([
      ['default:configmap/a', 4],
      ['default:secret/b', 7],
    ])
    expect(text.slice(...(documents[1]?.range ?? [0, 0]))).toMatch(/^apiVersion: v1\n {2}kind: Secret/)
  })

  it('gives objects without a namespace the default one, but not cluster-wide kinds', () => {
    const file = { path: 'a.yaml', blob: 'b', defaultNamespace: 'apps' }
    const text = `${configMap('a')}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: dev}\n`
    expect(parseManifestFile({ ...file, text }).documents.map((d) => d.id)).toEqual([
      'apps:configmap/a',
      '<cluster>:namespace/dev',
    ])
  })

  it('keeps the node of each document', () => {
    const { nodes } = parseManifestNodes({ path: 'a.yaml', text: configMap('a'), blob: 'b' })
    expect([...nodes.keys()]).toEqual(['default:configmap/a'])
  })

  const scalars: [label: string, written: string, value: unknown][] = [
    ['yes is true, as for kubectl', 'yes', true],
    ['off is false', 'off', false],
    ['a leading zero is octal', '010', 8],
    ['a digit above seven is not octal', '089', 89],
    ['two numbers with a colon are text', '22:22', '22:22'],
    ['a date is text', '2018-08-01', '2018-08-01'],
    ['a version with three parts is text', '0.4.11', '0.4.11'],
    ['nothing is null', '', null],
    ['quotes keep text', '"yes"', 'yes'],
  ]
  it.each(scalars)('%s', (_label, written, value) => {
    const { documents } = parse(configMap('a', `x: ${written}\n`))
    expect(documents[0]?.object.x).toEqual(value)
  })

  it('merges << keys', () => {
    const { documents } = parse(configMap('a', 'base: &b {x: 1, y2: 2}\nd:\n  <<: *b\n  x: 3\n'))
    expect(documents[0]?.object.d).toEqual({ x: 3, y2: 2 })
  })

  const skipped: [label: string, text: string][] = [
    ['an empty file', ''],
    ['only comments', '# nothing\n'],
    ['empty documents', '---\n---\n'],
    ['a document without kind', 'replicaCount: 1\n'],
    ['a bare scalar', 'hello\n'],
  ]
  it.each(skipped)('skips %s', (_label, text) => {
    expect(parse(text)).toEqual({ documents: [], problems: [] })
  })

  const bombs = ['a: &a [x,x,x,x,x,x,x,x,x]']
  for (let i = 0; i < 8; i += 1) {
    const [to, from] = ['bcdefghi'[i], 'abcdefgh'[i]]
    bombs.push(`${to}: &${to} [${Array.from({ length: 9 }, () => `*${from}`).join(',')}]`)
  }
  const wide = `big: &w "${'x'.repeat(500_000)}"\nall: [${Array.from({ length: 99 }, () => '*w').join(',')}]\n`
  const bad: [label: string, text: string, code: string, line: number | undefined][] = [
    ['invalid YAML', `${configMap('a')}bad: [1,\n`, 'yaml-invalid', 6],
    ['a tab as indentation', 'kind: A\nmetadata:\n\tname: x\n', 'yaml-invalid', 3],
    ['a key written twice', `${configMap('a')}x: 1\nx: 2\n`, 'yaml-invalid', 6],
    ['a template', `${configMap('a')}data:\n  {{- range .Values.x }}\n`, 'file-templated', 6],
    ['a template that happens to be YAML', `${configMap('a')}x: {{ .Values.x }}\n`, 'file-templated', 5],
    ['an alias bomb', `${configMap('a')}${bombs.join('\n')}\n`, 'yaml-alias-bomb', 1],
    ['aliases that multiply one long text', `${configMap('a')}${wide}`, 'yaml-alias-bomb', 1],
    ['an alias to nowhere', `${configMap('a')}x: *nowhere\n`, 'yaml-invalid', 1],
    ['an anchor that holds itself', `${configMap('a')}x: &x [*x]\n`, 'yaml-too-deep', 1],
    ['nesting beyond 64 levels', `${configMap('a')}x: ${'['.repeat(70)}${']'.repeat(70)}\n`, 'yaml-too-deep', 1],
    ['nesting that would exhaust the stack', `x: ${'['.repeat(20_000)}`, 'yaml-too-deep', undefined],
    ['more than 5 MiB', `# ${'x'.repeat(5 * 1024 * 1024)}`, 'file-too-large', undefined],
    ['more than 1,000 documents', '---\n'.repeat(1_002), 'file-too-many-documents', undefined],
    ['no name', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n', 'object-name-missing', 1],
    ['a name that is a number', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 5}\n', 'object-name-missing', 1],
    ['no apiVersion', 'kind: ConfigMap\nmetadata: {name: a}\n', 'object-api-version-missing', 1],
    ['no kind but clearly an object', 'apiVersion: v1\nmetadata: {name: a}\n', 'object-kind-missing', 1],
    [
      'an annotation that is not text',
      configMap('a', '  annotations: {fluxcd.io/automated: true}\n'),
      'object-metadata-invalid',
      1,
    ],
    ['SOPS', `# x\n${configMap('a', 'sops: {mac: x}\n')}`, 'document-sops', 2],
  ]
  it.each(bad)('names %s', (_label, text, code, line) => {
    const { documents, problems } = parse(text)
    expect(documents).toEqual([])
    expect(problems[0]).toMatchObject({ code, severity: 'error', path: 'releases/dev/podinfo.yaml' })
    expect(problems[0]?.line).toBe(line)
  })

  it('takes neither of two documents with one id, and says both lines', () => {
    const { documents, problems } = parse(`${configMap('a')}---\n${configMap('b')}---\n${configMap('a')}`)
    expect(documents.map((d) => d.id)).toEqual(['default:configmap/b'])
    expect(problems.map((p) => [p.code, p.subject, p.line])).toEqual([
      ['object-duplicate', 'default:configmap/a', 1],
      ['object-duplicate', 'default:configmap/a', 11],
    ])
  })

  it('keeps the good documents beside a bad one', () => {
    const { documents, problems } = parse(`kind: ConfigMap\nmetadata: {name: x}\n---\n${configMap('b')}`)
    expect(documents.map((d) => d.id)).toEqual(['default:configmap/b'])
    expect(problems).toHaveLength(1)
  })

  it('reads a key called __proto__ as data', () => {
    const { documents } = parse(configMap('a', 'data: {__proto__: {polluted: "1"}}\n'))
    expect(Object.keys(documents[0]?.object.data as object)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
