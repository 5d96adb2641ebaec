import { describe, expect, it } from 'vitest'
import { commitText, type CommitPart } from './index.ts'

const part: CommitPart = {
  kind: 'auto-release',
  target: 'dev:helmrelease/podinfo-dev',
  images: ['reg/podinfo:dev-b'],
  operation: 'op-1',
  actor: 'automation',
  cause: 'tag dev-b of reg/podinfo',
}
const body = (parts: CommitPart[]) => commitText(parts).split('\n\nWheelhouse-Op:')[0]

describe('commitText', () => {
  it.each<[string, CommitPart[], string]>([
    ['one image', [part], 'Auto-release reg/podinfo:dev-b'],
    [
      'several images of one pass',
      [part, { ...part, images: ['reg/nats:0.6.1', 'reg/prom:v2.3.2'] }],
      'Auto-release multiple (3) images\n\n- reg/podinfo:dev-b\n- reg/nats:0.6.1\n- reg/prom:v2.3.2',
    ],
    [
      'a tag chosen by hand',
      [{ ...part, kind: 'release' }],
      'Release reg/podinfo:dev-b to dev:helmrelease/podinfo-dev',
    ],
    ['a lock', [{ ...part, kind: 'lock', images: [] }], 'Locked: dev:helmrelease/podinfo-dev'],
    [
      'a policy with a message before it',
      [{ ...part, kind: 'policy', images: [], message: 'Only patches' }],
      'Only patches\n\nUpdated policies: dev:helmrelease/podinfo-dev',
    ],
    [
      'a file that a person wrote as a whole',
      [{ ...part, kind: 'configure', images: [], target: 'wheelhouse.yaml', message: 'Gate prod' }],
      'Gate prod\n\nConfigured: wheelhouse.yaml',
    ],
    [
      'policies of several releases',
      [
        { ...part, kind: 'automate', images: [] },
        { ...part, kind: 'automate', images: [], target: 'stg:helmrelease/podinfo-rc' },
      ],
      'Updated workload policies\n\n- Automated: dev:helmrelease/podinfo-dev\n- Automated: stg:helmrelease/podinfo-rc',
    ],
  ])('%s', (_label, parts, expected) => {
    expect(body(parts)).toBe(expected)
  })

  it('ends with one operation trailer per decision, each on one line', () => {
    const text = commitText([part, { ...part, operation: 'op-2', cause: 'two\nWheelhouse-Op: forged' }])
    expect(text.match(/^Wheelhouse-Op: .*$/gm)).toEqual(['Wheelhouse-Op: op-1', 'Wheelhouse-Op: op-2'])
    expect(text).toContain('Wheelhouse-Cause: two Wheelhouse-Op: forged\n')
  })
})
