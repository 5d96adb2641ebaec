import { describe, expect, it } from 'vitest'
import { parseCommit, parseTrailers } from './parse-commit.ts'

describe('parseTrailers', () => {
  it.each([
    ['none', 'Subject\n\nBody text.', []],
    ['a subject that looks like one', 'Fix: this', []],
    ['the last paragraph', 'S\n\nWheelhouse-Op: a\nWheelhouse-Op: b\n', ['Wheelhouse-Op=a', 'Wheelhouse-Op=b']],
    ['a folded value', 'S\n\nCause: one\n  two', ['Cause=one two']],
    ['text among them', 'S\n\nOp: a\nsome words', []],
    [
      'text among them, signed off',
      'S\n\nsome words\nOp: a\nSigned-off-by: Ada <a@b>',
      ['Op=a', 'Signed-off-by=Ada <a@b>'],
    ],
    ['an earlier paragraph', 'S\n\nOp: a\n\nThe end.', []],
  ])('reads %s', (_label, message, expected) => {
    expect(parseTrailers(message).map(({ key, value }) => `${key}=${value}`)).toEqual(expected)
  })
})

describe('parseCommit', () => {
  it('reads header and message, also in an old encoding', () => {
    const head = ['tree t', 'parent p1', 'parent p2', 'author Jürgen <j@x> 1541414141 +0100']
    const rest = ['committer C D <c@x> 1541414150 -0500', 'encoding ISO-8859-1', '', 'Grün\nund blau', '', 'Body']
    expect(parseCommit('id', Buffer.from([...head, ...rest].join('\n'), 'latin1'))).toEqual({
      id: 'id',
      parents: ['p1', 'p2'],
      authorName: 'Jürgen',
      authorEmail: 'j@x',
      authoredAt: 1541414141000,
      committedAt: 1541414150000,
      subject: 'Grün und blau',
      message: 'Grün\nund blau\n\nBody',
      trailers: [],
    })
  })
})
