import { describe, expect, it } from 'vitest'
import type { Policy } from '../policy/index.ts'
import { readSource } from './read-source.ts'
import { reservedContainers } from './reservation.ts'
import { branchesOf } from './source-branch.ts'
import { buildPatienceMs, reservesForMerge, type SourceMerge } from './source-merge.ts'
import { commitNamedBy, isBuiltFrom, tagOfCommit } from './tag-of-commit.ts'

const commit = '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d'
const glob: Policy = { kind: 'glob', expression: 'stg-*' }

describe('the tag that CI built from a commit', () => {
  const rows: [label: string, tags: string[], found: string | undefined][] = [
    ['the commit, shortened', ['stg-0000000', 'stg-1a2b3c4d'], 'stg-1a2b3c4d'],
    ['upper case', ['stg-1A2B3C4D'], 'stg-1A2B3C4D'],
    ['the longer one of two', ['stg-1a2b3c4', 'stg-1a2b3c4d5e'], 'stg-1a2b3c4d5e'],
    ['the whole commit after a number', [`stg-12-${commit}`], `stg-12-${commit}`],
    ['too short to mean it', ['stg-1a2b3c'], undefined],
    ['in the middle of a word', ['stg-x1a2b3c4d'], undefined],
    ['of another filter', ['dev-1a2b3c4d'], undefined],
    ['longer than the commit agrees', ['stg-1a2b3c4d5f'], undefined],
  ]
  it.each(rows)('%s', (_label, tags, found) => expect(tagOfCommit(tags, glob, commit)).toBe(found))
})

describe('what an image says it was built from', () => {
  const rows: [label: string, revision: string | undefined, is: boolean][] = [
    ['the commit', commit, true],
    ['shortened', '1a2b3c4d', true],
    ['another', '1a2b3c4e', false],
    ['too short', '1a2b3c', false],
    ['a word', 'kb9lm91e', false],
    ['nothing', undefined, false],
  ]
  it.each(rows)('%s', (_label, revision, is) => {
    const labels: Record<string, string> =
      revision === undefined ? {} : { 'org.opencontainers.image.revision': revision }
    expect(isBuiltFrom(labels, commit)).toBe(is)
  })
})

describe('the commit an image names', () => {
  const rows: [label: string, tag: string, revision: string | undefined, commit: string | undefined][] = [
    ['by its label', 'latest', commit, commit],
    ['by its tag', 'dev-1A2B3C4D', undefined, '1a2b3c4d'],
    ['by its label, where they differ', 'dev-0000000', commit, commit],
    ['by its tag, where the label is a word', 'dev-1a2b3c4d', 'kb9lm91e', '1a2b3c4d'],
    ['not at all', 'dev-kb9lm91e', undefined, undefined],
  ]
  it.each(rows)('%s', (_label, tag, revision, named) => {
    const labels: Record<string, string> =
      revision === undefined ? {} : { 'org.opencontainers.image.revision': revision }
    expect(commitNamedBy(tag, labels)).toBe(named)
  })
})

describe('the branch of an environment', () => {
  const rows: [label: string, naming: Partial<Parameters<typeof branchesOf>[0]>, branches: string[]][] = [
    ['as it is called', {}, ['stg']],
    ['the last one may be the default branch', { environment: 'prod', isLast: true }, ['prod', 'master']],
    ['as written, and no other', { environment: 'prod', isLast: true, written: { prod: 'release' } }, ['release']],
    ['written for another', { written: { prod: 'release' } }, ['stg']],
    ['an environment with a name of JavaScript', { environment: 'constructor', written: {} }, ['constructor']],
  ]
  it.each(rows)('%s', (_label, naming, branches) => {
    const all = { environment: 'stg', written: undefined, isLast: false, defaultBranch: 'master', ...naming }
    expect(branchesOf(all)).toEqual(branches)
  })
})

describe('a source repository', () => {
  const rows: [source: string | undefined, read: object][] = [
    ['acme/podinfo', { ok: true, owner: 'acme', name: 'podinfo' }],
    ['https://github.com/acme/podinfo.git', { ok: true, url: 'https://github.com/acme/podinfo' }],
    ['https://github.com/acme/podinfo/', { ok: true, owner: 'acme', name: 'podinfo' }],
    ['https://user:pass@github.com/acme/podinfo', { ok: true, url: 'https://github.com/acme/podinfo' }],
    ['git@github.com:acme/podinfo.git', { ok: false }],
    ['https://example.org/a/b/c', { ok: false }],
    ['podinfo', { ok: false }],
    [undefined, { ok: false }],
  ]
  it.each(rows)('%s', (source, read) => expect(readSource('podinfo', source)).toMatchObject(read))
})

it('reserves the containers of what is being built for one release alone', () => {
  const images = [{ container: 'app', tag: 'dev-1' }]
  const promotions = [
    { id: 'pr-1', release: 'stg', state: 'waiting' as const, images, building: true },
    { id: 'pr-2', release: 'prod', state: 'waiting' as const, images },
  ]
  expect(reservedContainers(promotions, 'stg')).toEqual(new Map([['app', 'pr-1']]))
  expect(reservedContainers(promotions, 'prod').size).toBe(0)
})

describe('automation leaves the containers to a promotion', () => {
  const plain = { merged: { commit, at: 0 } } as SourceMerge
  const rows: [label: string, merge: SourceMerge | undefined, state: string, now: number, is: boolean][] = [
    ['of another way', undefined, 'waiting', 0, false],
    ['that is not merged', { ...plain, merged: undefined }, 'waiting', 0, false],
    ['that waits for CI', plain, 'waiting', buildPatienceMs - 1, true],
    ['for which CI is too late', plain, 'waiting', buildPatienceMs, false],
    ['whose image is there and goes on', { ...plain, brought: true }, 'planned', buildPatienceMs, true],
    ['whose image waits at the gates', { ...plain, brought: true }, 'waiting', 0, false],
    ['that is written', { ...plain, brought: true }, 'deploying', 0, false],
  ]
  it.each(rows)('%s: %5$s', (_label, merge, state, now, is) => expect(reservesForMerge(merge, state, now)).toBe(is))
})
