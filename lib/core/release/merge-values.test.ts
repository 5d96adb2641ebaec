import { describe, expect, it } from 'vitest'
import {
  inputsDigest,
  mergeValues,
  TargetPathError,
  valuesDigest,
  type Values,
  type ValuesLayer,
} from './merge-values.ts'

const map = (values: Values): ValuesLayer => ({ kind: 'map', values })
const target = (path: string, text: string, literal = false): ValuesLayer => ({ kind: 'target', path, text, literal })

describe('mergeValues', () => {
  const rows: [label: string, layers: ValuesLayer[], want: Values][] = [
    ['nothing', [], {}],
    ['maps merge deeply', [map({ a: { b: 1, c: 2 } }), map({ a: { c: 3 } })], { a: { b: 1, c: 3 } }],
    ['lists are replaced', [map({ a: [1, 2] }), map({ a: [3] })], { a: [3] }],
    ['a scalar replaces a map', [map({ a: { b: 1 } }), map({ a: 2 })], { a: 2 }],
    ['a map replaces a list', [map({ a: [1] }), map({ a: { b: 1 } })], { a: { b: 1 } }],
    ['null stays, for Helm to remove the default', [map({ a: 1 }), map({ a: null })], { a: null }],
    ['a target path wins over later maps', [target('a.b', 'x'), map({ a: { b: 'y', c: 1 } })], { a: { b: 'x', c: 1 } }],
    ['a later target path wins over an earlier one', [target('a', '1'), target('a', '2')], { a: 2 }],
    ['a dot that is escaped belongs to the name', [target(String.raw`a\.b.c`, 'x')], { 'a.b': { c: 'x' } }],
    [
      'an index fills a list',
      [map({ a: [{ b: 1 }] }), target('a[0].c', 'x'), target('a[2]', 'y')],
      { a: [{ b: 1, c: 'x' }, null, 'y'] },
    ],
    ['numbers are read', [target('a', '42'), target('b', '007'), target('c', '1.5')], { a: 42, b: '007', c: '1.5' }],
    ['booleans and null are read', [target('a', 'true'), target('b', 'null')], { a: true, b: null }],
    ['quoted text stays text', [target('a', '"42"'), target('b', "'true'")], { a: '42', b: 'true' }],
    ['literal text stays as it is', [target('a', '"42"', true)], { a: '"42"' }],
  ]
  it.each(rows)('%s', (_label, layers, want) => {
    expect(mergeValues(layers)).toEqual(want)
  })

  it('does not change its input', () => {
    const base = { a: { b: [1] } }
    mergeValues([map(base), map({ a: { c: 2 } }), target('a.b[0]', '2')])
    expect(base).toEqual({ a: { b: [1] } })
  })

  it('cannot be used to change prototypes', () => {
    const merged = mergeValues([map(JSON.parse('{"__proto__":{"x":1}}') as Values), target('__proto__.y', '1')])
    expect(({} as Values).x).toBeUndefined()
    expect(({} as Values).y).toBeUndefined()
    expect(Object.keys(merged)).toEqual(['__proto__'])
  })

  it.each(['', '.', 'a.', '.a', 'a..b', 'a[', 'a[x]', 'a.[0]', 'a[0]b', 'a[5000]'])('refuses the path %j', (path) => {
    expect(() => mergeValues([target(path, 'x')])).toThrow(TargetPathError)
  })
})

describe('digests', () => {
  it('do not depend on the order of keys', () => {
    expect(valuesDigest({ a: 1, b: { c: 1, d: 2 } })).toBe(valuesDigest({ b: { d: 2, c: 1 }, a: 1 }))
  })
  it('change with chart, values and options', () => {
    const inputs = { chartDigest: 'c', valuesDigest: 'v', options: { crds: 'create' } }
    const digests = [
      inputsDigest(inputs),
      inputsDigest({ ...inputs, chartDigest: 'd' }),
      inputsDigest({ ...inputs, valuesDigest: 'w' }),
      inputsDigest({ ...inputs, options: { crds: 'skip' } }),
    ]
    expect(new Set(digests).size).toBe(4)
    expect(digests[0]).toMatch(/^[0-9a-f]{40}$/)
  })
})
