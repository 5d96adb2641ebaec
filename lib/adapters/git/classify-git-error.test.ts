import { describe, expect, it } from 'vitest'
import { readPush } from './classify-git-error.ts'

const to = 'To https://git.example.test/x.git\n'
const line = (flag: string, summary: string) => `${to}${flag}\tabc:refs/heads/main\t${summary}\nDone`

describe('readPush', () => {
  it.each([
    ['accepted', 0, line(' ', 'abc..def'), '', { kind: 'pushed' }],
    ['the lease is stale', 1, line('!', '[rejected] (stale info)'), '', { kind: 'moved' }],
    ['not a fast-forward', 1, line('!', '[rejected] (fetch first)'), '', { kind: 'moved' }],
    ['moved on the server meanwhile', 1, line('!', '[remote rejected] (failed to update ref)'), '', { kind: 'moved' }],
    [
      'protected branch',
      1,
      line('!', '[remote rejected] (protected branch hook declined)'),
      'remote: error: GH006: Protected branch update failed.\n',
      { kind: 'protected', reason: 'protected branch hook declined · error: GH006: Protected branch update failed.' },
    ],
    ['another hook', 1, line('!', '[remote rejected] (pre-receive hook declined)'), '', { kind: 'refused' }],
    ['no permission', 128, '', 'remote: Permission to a/b denied to c.\nfatal: 403', { kind: 'refused' }],
    ['no answer', 128, '', 'fatal: unable to access: Could not resolve host', { kind: 'failed' }],
    ['nothing at all', 0, '', '', { kind: 'failed' }],
  ])('%s', (_label, code, stdout, stderr, expected) => {
    expect(readPush(code, stdout, stderr)).toMatchObject(expected)
  })
})
