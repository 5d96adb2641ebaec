import { describe, expect, it } from 'vitest'
import { createLineSplitter } from './json-lines.ts'

const text = '{"a":"größer"}\n\n{"b":2}\n{"unfinished"'

function linesOf(chunkBytes: number, maxBytes = 1000): string[] {
  const lines: string[] = []
  const splitter = createLineSplitter((line) => lines.push(line), maxBytes)
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += chunkBytes)
    splitter.push(bytes.subarray(start, start + chunkBytes))
  return lines
}

describe('line splitter', () => {
  it.each([1, 2, 3, 7, 1000])('cuts the same lines from chunks of %i bytes, also within a character', (chunkBytes) => {
    expect(linesOf(chunkBytes)).toEqual(['{"a":"größer"}', '{"b":2}'])
  })

  it('refuses a line without end', () => {
    expect(() => linesOf(1, 8)).toThrow('longer than 8 bytes')
  })
})
