import { describe, expect, it } from 'vitest'
import { canonicalDigest, canonicalJson } from './canonical-json.ts'

describe('canonicalJson', () => {
  const rows: [label: string, value: unknown, text: string][] = [
    ['keys are sorted at every depth', { b: { d: 1, c: 2 }, a: 3 }, '{"a":3,"b":{"c":2,"d":1}}'],
    ['lists keep their order', [3, 1, 2], '[3,1,2]'],
    ['undefined members are left out', { a: undefined, b: null }, '{"b":null}'],
    ['undefined items become null', [undefined], '[null]'],
    ['strings are escaped as JSON', 'a"\n', '"a\\"\\n"'],
    ['numbers JSON lacks become null', [Number.NaN, Infinity], '[null,null]'],
    ['a key called __proto__ is data', JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
  ]
  it.each(rows)('%s', (_label, value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  it('gives one digest whatever the order of keys', () => {
    expect(canonicalDigest({ a: 1, b: 2 })).toBe(canonicalDigest({ b: 2, a: 1 }))
    expect(canonicalDigest({ a: 1 })).not.toBe(canonicalDigest({ a: '1' }))
  })
})
