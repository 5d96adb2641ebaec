import { describe, expect, it } from 'vitest'
import { diffOf, sideBySide } from './diff-lines.ts'

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}`)
const text = (lines: string[]) => `${lines.join('\n')}\n`

describe('diffOf', () => {
  it('marks only the words that differ', () => {
    const [del, add] = diffOf('image: app:old\n', 'image: app:new\n')
    expect(del).toEqual({
      kind: 'del',
      from: 1,
      pieces: [
        { text: 'image: app:', changed: false },
        { text: 'old', changed: true },
      ],
    })
    expect(add).toEqual({
      kind: 'add',
      to: 1,
      pieces: [
        { text: 'image: app:', changed: false },
        { text: 'new', changed: true },
      ],
    })
  })

  it('folds what is far from a change and keeps three lines around it', () => {
    const before = numbered(20)
    const after = before.with(9, 'changed')
    const kinds = diffOf(text(before), text(after)).map((line) =>
      line.kind === 'fold' ? `fold ${line.lines.length}` : line.kind,
    )
    expect(kinds).toEqual(['fold 6', 'same', 'same', 'same', 'del', 'add', 'same', 'same', 'same', 'fold 7'])
  })

  it('numbers lines on both sides after an insertion', () => {
    const last = diffOf('a\nb\n', 'a\nx\nb\n').at(-1)
    expect(last).toEqual({ kind: 'same', from: 2, to: 3, text: 'b' })
  })

  it('folds everything when nothing changed', () => {
    expect(diffOf('a\nb\n', 'a\nb\n').map((line) => line.kind)).toEqual(['fold'])
  })
})

describe('sideBySide', () => {
  it('puts a removed line beside the one that took its place, and a surplus alone', () => {
    const pairs = sideBySide(diffOf('a: 1\n', 'a: 2\nb: 3\n'))
    expect(pairs.map((pair) => pair.kind === 'pair' && [pair.left?.kind, pair.right?.kind])).toEqual([
      ['del', 'add'],
      [undefined, 'add'],
    ])
  })
})
