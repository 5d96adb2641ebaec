import { describe, expect, it } from 'vitest'
import { OutputTail } from './output-tail.ts'

function tailOf(limit: number, ...chunks: string[]): OutputTail {
  const tail = new OutputTail(limit)
  for (const chunk of chunks) tail.push(Buffer.from(chunk))
  return tail
}

describe('the tail of an output', () => {
  it.each([
    ['short output whole', 10, ['abc', 'def'], 'abcdef', false],
    ['exactly the limit whole', 6, ['abc', 'def'], 'abcdef', false],
    ['the end of many chunks', 4, ['abc', 'def'], '[2 bytes left out]\ncdef', true],
    ['the end of one large chunk', 2, ['abcdef'], '[4 bytes left out]\nef', true],
    ['the last chunk alone', 3, ['abc', 'def'], '[3 bytes left out]\ndef', true],
  ])('keeps %s', (_label, limit, chunks, text, isCut) => {
    const tail = tailOf(limit, ...chunks)
    expect([tail.text(), tail.isCut]).toEqual([text, isCut])
  })
})
