import { describe, expect, it } from 'vitest'
import { incident } from './incident.fixture.ts'
import { goesTo, isSilenced, type Rule, type Silence } from './match.ts'
import type { Incident } from './types.ts'

const rule = (more: Partial<Rule> = {}): Rule => ({
  channel: 'ops',
  kinds: [],
  severities: [],
  environments: [],
  applications: [],
  ...more,
})

describe('a rule', () => {
  const rows: [label: string, rule: Partial<Rule>, about: Partial<Incident>, goes: boolean][] = [
    ['without a condition', {}, {}, true],
    ['of its kind', { kinds: ['unhealthy', 'release-failed'] }, {}, true],
    ['of another kind', { kinds: ['unhealthy'] }, {}, false],
    ['of another severity', { severities: ['warning'] }, {}, false],
    ['of its environment', { environments: ['prod'] }, {}, true],
    ['of an environment, for what has none', { environments: ['prod'] }, { environment: undefined }, false],
    ['of its application', { applications: ['podinfo'] }, {}, true],
    ['of one thing and not of another', { environments: ['prod'], applications: ['other'] }, {}, false],
    ['to another channel', { channel: 'dev' }, {}, false],
    ['about the channel itself', {}, { key: 'channel ops failing' }, false],
    ['about another channel', {}, { key: 'channel dev failing' }, true],
  ]
  it.each(rows)('%s', (_label, given, about, goes) => {
    expect(goesTo('ops', [rule(given)], incident(about))).toBe(goes)
  })

  it('is one of several: any of them is enough', () => {
    expect(goesTo('ops', [rule({ kinds: ['x'] }), rule({ severities: ['critical'] })], incident())).toBe(true)
    expect(goesTo('ops', [], incident())).toBe(false)
  })
})

describe('a silence', () => {
  const until = 2000
  const rows: [label: string, silence: Partial<Silence>, now: number, silenced: boolean][] = [
    ['of the release', { release: 'rel-1' }, 1000, true],
    ['of another release', { release: 'rel-2' }, 1000, false],
    ['of kind and environment', { kind: 'release-failed', environment: 'prod' }, 1000, true],
    ['of kind and another environment', { kind: 'release-failed', environment: 'dev' }, 1000, false],
    ['that is over', { release: 'rel-1' }, 2000, false],
    ['that was ended', { release: 'rel-1', endedAt: 500 }, 1000, false],
    ['of nothing', {}, 1000, false],
  ]
  it.each(rows)('%s', (_label, silence, now, silenced) => {
    expect(isSilenced([{ until, ...silence }], incident(), now)).toBe(silenced)
  })
})
