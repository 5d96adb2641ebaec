import { describe, expect, it } from 'vitest'
import type { Release } from '#lib/api/release-schemas.ts'
import { standingOf, versionOf } from './release-state.ts'

const calm = {
  phase: 'deployed',
  phaseSince: 1,
  reason: '',
  health: 'healthy',
  healthSince: 2,
  healthReason: '',
  problems: [],
  images: [],
  revision: 3,
} satisfies Partial<Release>

const image = { container: 'app', image: 'a:1', repository: 'a', automated: true }
const problem = { code: 'x', severity: 'error' as const, message: 'm' }

describe('standingOf', () => {
  it.each([
    ['healthy is quiet', {}, 'ok', 'Healthy'],
    ['an upgrade under way beats failing pods', { phase: 'upgrading', health: 'failing' }, 'run', 'Upgrading'],
    ['a failed release is bad even if pods serve', { phase: 'failed' }, 'bad', 'Failed'],
    ['failing pods beat a hold', { health: 'failing', healthReason: '1 of 3 ready', lock: {} }, 'bad', 'Failing'],
    ['a blocked release is a problem', { phase: 'blocked' }, 'wait', 'Blocked'],
    ['a policy problem names its container', { images: [{ ...image, problem }] }, 'wait', 'Policy problem · app'],
    ['a problem of the document shows', { problems: [problem] }, 'wait', 'Problem'],
    [
      'a hold says by whom and until when',
      { lock: { user: 'ann@example.com', until: '2026-12-01T00:00:00Z' } },
      'held',
      'Held by ann until 2026-12-01',
    ],
    ['not installed yet', { revision: undefined, health: 'unknown' }, 'none', 'Not installed'],
  ] as const)('%s', (_, change, state, words) => {
    expect(standingOf({ ...calm, ...change } as never)).toMatchObject({ state, words })
  })
})

describe('detail of a standing', () => {
  it.each([
    [
      'how often it failed',
      'failed',
      'The install failed 6 times; trying again: no such kind.',
      'Install failed 6 times',
    ],
    ['nothing beside a bare failure', 'failed', 'UPGRADE FAILED: no such kind', undefined],
    ['what it waits for', 'waiting', 'Waits for dev/db to be ready.', 'Waits for dev/db to be ready'],
    ['not which operation is under way', 'waiting', 'Operation op-1 is under way.', undefined],
    ['what blocks it', 'blocked', 'Namespace web does not exist.', 'Blocked · Namespace web does not exist'],
    ['nothing of one that is well', 'deployed', 'Revision 4 is what Git says.', undefined],
  ] as const)('%s', (_, phase, reason, detail) => {
    expect(standingOf({ ...calm, phase, reason } as never).detail).toBe(detail)
  })

  it('says which pods fail', () => {
    expect(standingOf({ ...calm, health: 'failing', healthReason: '1 of 3 ready' } as never).detail).toBe(
      '1 of 3 ready',
    )
  })
})

describe('versionOf', () => {
  it.each([
    ['the tag of the first image', { images: [{ ...image, tag: '1.2' }], chart: { source: 's', version: '9' } }, '1.2'],
    [
      'the chart of several images',
      { images: [{ ...image, tag: '1' }, image], chart: { source: 's', version: '9' } },
      '9',
    ],
    ['the chart without images', { images: [], chart: { source: 's', version: '9' } }, '9'],
    ['nothing known', { images: [], chart: { source: 's' } }, '–'],
  ])('%s', (_, release, version) => {
    expect(versionOf(release)).toBe(version)
  })
})
