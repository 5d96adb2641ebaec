import { describe, expect, it } from 'vitest'
import { jsonErrorPosition } from './json-error-position.ts'

describe('jsonErrorPosition', () => {
  const rows: [label: string, text: string, position: number][] = [
    ['a bare word', 'hello', 0],
    ['an unquoted key', '{a: 1}', 1],
    ['a missing comma', '{"a": 1 "b": 2}', 8],
    ['a trailing comma in an object', '{"a": 1,}', 8],
    ['a trailing comma in a list', '[1,]', 3],
    ['single quotes', "{'a': 1}", 1],
    ['an end too early', '{"a": [1, 2', 11],
    ['something after the end', '{"a": 1} x', 9],
    ['a wrong closer', '[1, {"a": 2]', 11],
    ['a string that does not end', '["abc', 1],
    ['a number with a leading zero', '[01]', 2],
    ['a mistake deep inside', '{"a": {"b": [1, {"c": }]}}', 22],
  ]
  it.each(rows)('%s', (_label, text, position) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
    expect(jsonErrorPosition(text)).toBe(position)
  })
})
