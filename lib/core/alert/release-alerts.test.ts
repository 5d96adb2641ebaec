import { describe, expect, it } from 'vitest'
import type { Problem } from '../problem/index.ts'
import { releaseAlerts, type ReleaseConditions } from './release-alerts.ts'

const now = Date.parse('2026-01-02T00:00:00Z')
const until = (time: string) => ({ lock: { user: 'ann', until: time } })
const calm: ReleaseConditions = {
  id: 'rel-1',
  name: 'podinfo-dev',
  environment: 'dev',
  mode: 'act',
  desired: true,
  phase: 'deployed',
  reason: 'Revision 3 is what Git says.',
  health: 'healthy',
  healthReason: '1 workload is ready.',
  revision: 3,
  problems: [],
  images: [],
}
const problem = (code: string, more: Partial<Problem> = {}): Problem => ({
  code,
  severity: 'error',
  message: `${code}!`,
  ...more,
})
const pending = { phase: 'blocked', reason: 'release-pending!', problems: [problem('release-pending')] }
const image = (automated: boolean, severity: Problem['severity']) => ({
  images: [{ container: 'web', automated, problem: problem('policy-semver-invalid', { severity }) }],
})

/** `kind severity` of what is to be open, then the keys left alone in brackets. */
function seen(conditions: Partial<ReleaseConditions>): string {
  const { wanted, kept } = releaseAlerts({ ...calm, ...conditions }, now)
  const shown = [...wanted.map(({ kind, severity }) => `${kind} ${severity}`), ...kept.map((key) => `[${key}]`)]
  return shown.join(', ')
}

const [helm, health] = ['[release rel-1 helm]', '[release rel-1 health]']

describe('releaseAlerts', () => {
  it.each<[string, Partial<ReleaseConditions>, string]>([
    ['all well', {}, ''],
    ['a failed upgrade', { phase: 'failed' }, 'release-failed critical'],
    ['a failed uninstallation', { phase: 'failed', desired: false, health: 'failing' }, 'release-failed critical'],
    ['the retry between two failures', { phase: 'upgrading' }, helm],
    ['a wait', { phase: 'waiting' }, helm],
    ['a bad document', { phase: 'blocked', reason: 'x!', problems: [problem('x')] }, 'release-blocked warning'],
    ['set aside after errors', { phase: 'blocked' }, 'release-blocked warning'],
    ['a revision that someone else began', pending, 'release-stuck critical'],
    ['blocked where nothing is done', { ...pending, mode: 'observe' }, ''],
    ['failed where nothing is done', { phase: 'failed', mode: 'observe' }, 'release-failed critical'],
    ['suspended', { phase: 'suspended' }, ''],
    ['progressing', { health: 'progressing' }, health],
    ['not read yet', { health: 'unknown' }, health],
    ['failing', { health: 'failing' }, 'unhealthy warning'],
    ['stuck', { health: 'stuck' }, 'unhealthy critical'],
    ['failing while it is upgraded', { phase: 'upgrading', health: 'failing' }, `unhealthy warning, ${helm}`],
    ['uninstalled', { phase: 'uninstalled', health: 'unknown' }, ''],
    [
      'pods whose image is not there',
      { health: 'failing', healthReason: 'Pod a-1: image ghcr.io/a/b:1 of container web cannot be pulled: not found' },
      'image-pull warning',
    ],
    ['pods of a release that left Git', { desired: false, health: 'failing' }, ''],
    ['a hold that goes on', until('2026-01-02T00:00:01Z'), ''],
    ['a hold without an end', { lock: {} }, ''],
    ['a hold that is over', until('2026-01-02T00:00:00Z'), 'hold-expired warning'],
    ['a hold that is over on what left Git', { ...until('2026-01-01T00:00:00Z'), desired: false }, ''],
    [
      'a rollback that Git does not know of',
      { emergency: { toRevision: 2, by: 'ann', reason: 'it leaks.', because: 'Git did not answer.' } },
      'git-disagrees warning',
    ],
    ['an invalid filter', image(true, 'error'), 'policy-broken warning'],
    ['no filter where one is needed', image(true, 'warning'), ''],
    ['an invalid filter of a manual release', image(false, 'error'), ''],
    ['an invalid filter where nothing is done', { ...image(true, 'error'), mode: 'observe' }, ''],
    ['an invalid filter of a release that left Git', { ...image(true, 'error'), desired: false }, ''],
  ])('%s', (_label, conditions, expected) => {
    expect(seen(conditions)).toBe(expected)
  })

  it('says what is wrong and what to do', () => {
    const problems = [problem('chart-missing', { suggestion: 'Write a chart.' })]
    const { wanted } = releaseAlerts({ ...calm, phase: 'blocked', reason: 'chart-missing!', problems }, now)
    expect(wanted).toEqual([
      {
        key: 'release rel-1 helm',
        kind: 'release-blocked',
        severity: 'warning',
        release: 'rel-1',
        environment: 'dev',
        title: 'podinfo-dev is blocked',
        detail: 'chart-missing!',
        nextStep: 'Write a chart.',
      },
    ])
  })

  it('is one incident per key, also where its kind changes', () => {
    const keys = (conditions: Partial<ReleaseConditions>) =>
      releaseAlerts({ ...calm, ...conditions }, now).wanted.map(({ key }) => key)
    expect(keys({ phase: 'failed' })).toEqual(keys(pending))
    expect(keys({ health: 'failing' })).toEqual(keys({ health: 'stuck' }))
    const two = ['a', 'b'].map((container) => ({ container, automated: true, problem: problem('x') }))
    expect(keys({ images: two })).toEqual(['release rel-1 policy a', 'release rel-1 policy b'])
  })
})

describe('Helm that gave up on pods which do not come up', () => {
  const broken: ReleaseConditions = {
    ...calm,
    phase: 'failed',
    reason: 'timed out',
    health: 'failing',
    healthReason: 'A pod crashed',
  }
  const comesTo = (open: string[]) => releaseAlerts(broken, now, new Set(open)).wanted

  it('is one incident, which tells of both', () => {
    const [alert, ...more] = comesTo([])
    expect(more).toEqual([])
    expect(alert).toMatchObject({ kind: 'release-failed', severity: 'critical' })
    expect(alert?.detail).toMatch(/^timed out\..*A pod crashed\.$/)
  })

  it('stays the one that was there first', () => {
    expect(comesTo(['release rel-1 health'])).toMatchObject([{ kind: 'unhealthy', severity: 'critical' }])
    expect(comesTo(['release rel-1 helm'])).toMatchObject([{ kind: 'release-failed' }])
  })
})
