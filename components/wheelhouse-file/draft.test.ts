import { describe, expect, it } from 'vitest'
import { draftState, typed, type Draft, type Head } from './draft.ts'

const head: Head = { blob: 'b1', text: 'a\n' }
const later: Head = { blob: 'b2', text: 'b\n' }
const none: Head = { blob: null, text: null }
const draft = (text: string, base: string | null = 'b1'): Draft => ({ text, base })

describe('draftState', () => {
  const rows: [label: string, head: Head, draft: Draft | undefined, kind: string, text: string][] = [
    ['nothing typed', head, undefined, 'clean', 'a\n'],
    ['something typed', head, draft('x\n'), 'changed', 'x\n'],
    ['typed and taken back', head, draft('a\n'), 'clean', 'a\n'],
    ['the head moved under it', later, draft('x\n'), 'moved', 'x\n'],
    ['its own commit became the head', later, draft('b\n'), 'clean', 'b\n'],
    ['the head moved with nothing typed', later, undefined, 'clean', 'b\n'],
    ['no file yet', none, undefined, 'clean', ''],
    ['a first text', none, draft('x\n', null), 'changed', 'x\n'],
    ['the file is gone from under it', none, draft('x\n'), 'moved', 'x\n'],
  ]
  it.each(rows)('%s', (_label, head, draft, kind, text) => {
    expect(draftState(head, draft)).toMatchObject({ kind, text })
  })
})

describe('typed', () => {
  it('starts from the head, and goes on from where it started when the head moves', () => {
    const first = typed(draftState(head, undefined), head, 'x')
    expect(first).toEqual({ text: 'x', base: 'b1' })
    expect(typed(draftState(later, first), later, 'xy')).toEqual({ text: 'xy', base: 'b1' })
  })
})
