import { describe, expect, it } from 'vitest'
import { branchOf, checkOf, decideProposal, planComment, type ProposalSeen, type PromotionToldOf } from './index.ts'

const made = { commit: 'c1', content: 'x', number: 7 }
const open = { number: 7, head: 'c1', state: { kind: 'open', conflicts: false } } as const
const base: ProposalSeen = { made, pullRequest: open, wanted: { content: 'x' }, merge: false }

describe('decideProposal', () => {
  it.each<[string, Partial<ProposalSeen>, object]>([
    ['nothing is there yet', { made: undefined, pullRequest: undefined }, { kind: 'push', after: undefined }],
    ['nothing is wanted any more', { wanted: undefined }, { kind: 'end' }],
    ['something else is wanted', { wanted: { content: 'y' } }, { kind: 'push', after: 'c1' }],
    [
      'conflicts',
      { pullRequest: { ...open, state: { kind: 'open', conflicts: true } } },
      { kind: 'push', after: 'c1' },
    ],
    [
      'whether there are conflicts is not known',
      { pullRequest: { ...open, state: { kind: 'open', conflicts: undefined } } },
      { kind: 'keep' },
    ],
    ['all is as it should be', {}, { kind: 'keep' }],
    ['no pull request yet', { made: { commit: 'c1', content: 'x' }, pullRequest: undefined }, { kind: 'keep' }],
    [
      'to be merged, but not opened yet',
      { made: { commit: 'c1', content: 'x' }, pullRequest: undefined, merge: true },
      { kind: 'keep' },
    ],
    ['to be merged', { merge: true }, { kind: 'merge', number: 7, head: 'c1' }],
    [
      'to be merged, but something else is wanted',
      { merge: true, wanted: { content: 'y' } },
      { kind: 'push', after: 'c1' },
    ],
    ['merged', { pullRequest: { ...open, state: { kind: 'merged', commit: 'm' } } }, { kind: 'merged', commit: 'm' }],
    [
      'merged, though somebody pushed to it before',
      { pullRequest: { ...open, head: 'c2', state: { kind: 'merged', commit: 'm' } }, wanted: undefined },
      { kind: 'merged', commit: 'm' },
    ],
    ['closed', { pullRequest: { ...open, state: { kind: 'closed' } }, merge: true }, { kind: 'declined', number: 7 }],
    ['pushed to by somebody', { pullRequest: { ...open, head: 'c2' }, merge: true }, { kind: 'leave', number: 7 }],
    [
      'pushed to by somebody, and nothing is wanted',
      { pullRequest: { ...open, head: 'c2' }, wanted: undefined },
      { kind: 'leave', number: 7 },
    ],
  ])('%s', (_label, more, action) => {
    expect(decideProposal({ ...base, ...more })).toEqual(action)
  })
})

describe('checkOf', () => {
  const states = (state: PromotionToldOf['state'], tagsFirst = false) =>
    checkOf({ state, reason: 'Needs an approval.', tagsFirst }).state
  it('lets the merge through only where a merge is all that is missing', () => {
    expect(checkOf(undefined).state).toBe('success')
    expect(
      (['planned', 'waiting', 'approved', 'writing', 'refused', 'superseded'] as const).map((one) => states(one)),
    ).toEqual(['pending', 'pending', 'success', 'success', 'failure', 'failure'])
    expect(states('approved', true)).toBe('pending')
  })
})

describe('planComment', () => {
  it('says plan, gates and images, and nothing in it becomes markup or calls somebody', () => {
    const text = planComment({
      state: 'waiting',
      reason: 'For <b>@ann</b> [x](javascript:1)\n# Title',
      tagsFirst: false,
      gates: [{ gate: 'soak', verdict: 'waiting', evidence: 'Not `yet`.', whoCould: [] }],
      images: [{ container: 'chart-image', repository: 'r/app', tag: '1.0`1', digest: 'sha256:aa' }],
      plan: {
        digest: 'd1',
        risks: [{ kind: 'restarts', subject: 'dev/app', says: 'Restarts 2 pods.' }],
        objects: [
          { kind: 'Deployment', name: 'app', change: 'changed' },
          { kind: 'Service', name: 'app', change: 'unchanged' },
        ],
      },
      url: 'https://wheelhouse.example/promotions/p1',
    })
    expect(text).toContain('- **soak** waiting: Not \\`yet\\`.')
    expect(text).toContain('changed: `Deployment app`')
    expect(text).toContain('- dev/app: Restarts 2 pods.')
    expect(text).toContain('Plan `d1`')
    expect(text).not.toContain('Service')
    expect(text).not.toMatch(/@ann|[^\\]<b|[^\\]\]\(javascript|^# Title/m)
    expect(text).toContain('`r/app:1.0 1`')
  })
})

describe('branchOf', () => {
  it('gives each scope a branch that Git takes, and no two the same', () => {
    const names = ['dev', 'Dev', 'a.b', 'a b', 'a/b', 'a=b', 'x.lock', '.x', 'x.', 'a..b', 'ä', '', '-']
    const branches = names.flatMap((name) => [
      branchOf({ kind: 'environment', environment: name }),
      branchOf({ kind: 'promotion', environment: name, promotion: 'p' }),
    ])
    expect(new Set(branches).size).toBe(branches.length)
    for (const branch of branches)
      expect(branch).toMatch(/^wheelhouse\/(?!.*(\.\.|\.lock$|\.$|\/\.|[ ~^:?*[\\]))[\x21-\x7e]+$/)
  })
})
