import { describe, expect, it } from 'vitest'
import { describeConstraint, parseConstraint, satisfies } from './constraint.ts'
import { compareVersions, parseVersion } from './version.ts'

const within = (constraint: string, version: string) => satisfies(parseConstraint(constraint)!, parseVersion(version)!)

describe('parseVersion', () => {
  it.each([
    ['three parts', '1.2.3', { major: 1, minor: 2, patch: 3, pre: '' }],
    ['leading v', 'v1.2.3', { major: 1, minor: 2, patch: 3, pre: '' }],
    ['two parts', '1.2', { major: 1, minor: 2, patch: 0, pre: '' }],
    ['one part', '1', { major: 1, minor: 0, patch: 0, pre: '' }],
    ['date', '2024.01.15', { major: 2024, minor: 1, patch: 15, pre: '' }],
    ['pre-release', '1.2.3-rc.1', { major: 1, minor: 2, patch: 3, pre: 'rc.1' }],
    ['pre-release on a partial', '1.2-alpine', { major: 1, minor: 2, patch: 0, pre: 'alpine' }],
    ['meta is dropped', '1.2.3-rc.1+build.5', { major: 1, minor: 2, patch: 3, pre: 'rc.1' }],
    ['meta alone', '1.2.3+build', { major: 1, minor: 2, patch: 3, pre: '' }],
  ])('reads: %s', (_label, text, version) => {
    expect(parseVersion(text)).toEqual(version)
  })

  it.each([
    ['fourth part', '1.2.3.4'],
    ['words', 'dev-abc'],
    ['empty', ''],
    ['v alone', 'v'],
    ['capital V', 'V1.2.3'],
    ['trailing dot', '1.2.'],
    ['empty pre-release', '1.2.3-'],
    ['empty identifier', '1.2.3-a..b'],
    ['leading zero in a numeric identifier', '1.2.3-01'],
    ['letters behind the number', '1.2.3rc1'],
    ['all-digit commit beyond 2^53', '1234567890123456789012345678901234567890'],
    ['empty meta', '1.2.3+'],
  ])('refuses: %s', (_label, text) => {
    expect(parseVersion(text)).toBeUndefined()
  })
})

describe('compareVersions', () => {
  it.each([
    ['1.0.0', '2.0.0'],
    ['1.9.0', '1.10.0'],
    ['1.0.9', '1.0.10'],
    ['1.0.0-rc.1', '1.0.0'],
    ['1.0.0-alpha', '1.0.0-alpha.1'],
    ['1.0.0-alpha.1', '1.0.0-alpha.beta'],
    ['1.0.0-beta.2', '1.0.0-beta.11'],
    ['1.0.0-beta.11', '1.0.0-rc.1'],
    ['1.0.0-9', '1.0.0-123456789012345678901'],
  ])('%s comes before %s', (a, b) => {
    expect(compareVersions(parseVersion(a)!, parseVersion(b)!)).toBeLessThan(0)
    expect(compareVersions(parseVersion(b)!, parseVersion(a)!)).toBeGreaterThan(0)
  })

  it('1.10 and 1.10.0 are equal', () => {
    expect(compareVersions(parseVersion('1.10')!, parseVersion('1.10.0')!)).toBe(0)
  })
})

describe('constraint', () => {
  it.each<[label: string, constraint: string, inside: string[], outside: string[]]>([
    ['whole version', '1.2.3', ['1.2.3', 'v1.2.3'], ['1.2.4', '1.2.2']],
    ['= whole version', '=1.2.3', ['1.2.3'], ['1.2.4']],
    ['bare partial acts as ~', '1.2', ['1.2.0', '1.2.9'], ['1.3.0', '1.1.9']],
    ['= partial acts as ~', '= 1.2', ['1.2.9'], ['1.3.0']],
    ['bare major', '1', ['1.0.0', '1.9.9'], ['2.0.0', '0.9.0']],
    ['leading v', '~v1.2', ['1.2.9'], ['1.3.0']],
    ['!= whole', '!=1.2.3', ['1.2.4'], ['1.2.3']],
    ['!= partial', '!=1.2', ['1.3.0', '1.1.9'], ['1.2.0', '1.2.9']],
    ['>', '>1.2.3', ['1.2.4'], ['1.2.3']],
    ['>11 means >=12', '>11', ['12.0.0'], ['11.1.0', '11.0.0']],
    ['>11.1 means >=11.2', '>11.1', ['11.2.0', '12.0.0'], ['11.1.9']],
    ['<', '<1.2.3', ['1.2.2'], ['1.2.3']],
    ['< partial', '<11', ['10.9.9'], ['11.0.0']],
    ['>=', '>=1.2.3', ['1.2.3', '2.0.0'], ['1.2.2']],
    ['=>', '=>1.2.3', ['1.2.3'], ['1.2.2']],
    ['<=', '<=1.2.3', ['1.2.3'], ['1.2.4']],
    ['=<', '=<1.2.3', ['1.2.3'], ['1.2.4']],
    ['<= partial covers it', '<=11', ['11.9.9'], ['12.0.0']],
    ['<= minor covers it', '<=11.1', ['11.1.9', '10.5.0'], ['11.2.0']],
    ['~ major', '~1', ['1.0.0', '1.9.0'], ['2.0.0']],
    ['~ minor', '~0.4', ['0.4.0', '0.4.11'], ['0.5.0', '0.3.9']],
    ['~ patch', '~1.2.3', ['1.2.3', '1.2.9'], ['1.2.2', '1.3.0']],
    ['~>', '~>1.2.3', ['1.2.9'], ['1.3.0']],
    ['^ major', '^1.2.3', ['1.2.3', '1.9.0'], ['2.0.0', '1.2.2']],
    ['^0.2.3 stays below 0.3.0', '^0.2.3', ['0.2.3', '0.2.9'], ['0.3.0']],
    ['^0.0.3 is that patch', '^0.0.3', ['0.0.3'], ['0.0.4']],
    ['^0', '^0', ['0.9.0'], ['1.0.0']],
    ['^0.0', '^0.0', ['0.0.9'], ['0.1.0']],
    ['wildcard *', '*', ['0.0.0', '9.9.9'], []],
    ['wildcard x', '1.x', ['1.9.9'], ['2.0.0']],
    ['wildcard X in the patch', '1.2.X', ['1.2.9'], ['1.3.0']],
    ['wildcard behind an operator', '>=1.x', ['1.0.0', '2.0.0'], ['0.9.9']],
    ['comma is AND', '>=1.0, <2.0', ['1.5.0'], ['2.0.0', '0.9.0']],
    ['comma without space', '>=1.0,<2.0', ['1.5.0'], ['2.0.0']],
    ['space is AND', '>=1.0 <2.0', ['1.5.0'], ['2.0.0', '0.9.0']],
    ['|| is OR', '~1.2 || ^3', ['1.2.5', '3.9.0'], ['2.0.0', '1.3.0']],
    ['OR without spaces', '1.2.3||1.2.4', ['1.2.3', '1.2.4'], ['1.2.5']],
    ['hyphen range', '1.2 - 1.4.5', ['1.2.0', '1.4.5'], ['1.4.6', '1.1.9']],
    ['hyphen range, partial end covers it', '1 - 2', ['1.0.0', '2.9.9'], ['3.0.0']],
    ['space behind the operator', '>= 1.2', ['1.2.0'], ['1.1.0']],
    ['no comparator names a pre-release', '~1.2', ['1.2.1'], ['1.2.1-rc.1', '1.3.0-rc.1']],
    ['wildcard names no pre-release', '*', ['1.0.0'], ['1.0.0-rc.1']],
    ['a pre-release part lets any in range pass', '>=1.2.3-0', ['1.2.3-rc.1', '2.0.0-beta', '2.0.0'], ['1.2.2']],
    [
      'one comparator of the group is enough',
      '>=1.0.0-rc.0, <1.0.1',
      ['1.0.0-rc.1', '1.0.0'],
      ['1.0.0-alpha', '1.0.1'],
    ],
    ['another group does not lend its pre-release', '>=2.0.0-0 || ~1.0', ['2.1.0-rc.1', '1.0.5'], ['1.0.5-rc.1']],
    ['implied end excludes its own pre-releases', '~1.2-0', ['1.2.5-rc.1', '1.2.0-alpha'], ['1.3.0-rc.1']],
    ['lone integers are versions here', '>=20240101', ['20240102'], ['20231231']],
  ])('%s: %s', (_label, constraint, inside, outside) => {
    for (const version of inside) expect(within(constraint, version), `${version} inside`).toBe(true)
    for (const version of outside) expect(within(constraint, version), `${version} outside`).toBe(false)
  })

  it.each([
    ['empty', ''],
    ['blank group', '1.0 || '],
    ['words', 'banana'],
    ['operator alone', '>='],
    ['unknown operator', '==1.0'],
    ['no separator', '>=1.0<2.0'],
    ['two commas', '>=1.0,,<2.0'],
    ['comma at the end', '>=1.0,'],
    ['four parts', '1.2.3.4'],
    ['number glued to a wildcard', '1x'],
    ['bad pre-release', '>=1.0.0-01'],
  ])('refuses: %s', (_label, constraint) => {
    expect(parseConstraint(constraint)).toBeUndefined()
  })

  it.each([
    ['~0.4', '>=0.4.0, <0.5.0'],
    ['>11', '>=12.0.0'],
    ['1.2.3', '=1.2.3'],
    ['!=1.2.3', '!=1.2.3'],
    ['!=1.2', 'not (>=1.2.0, <1.3.0)'],
    ['~1.2 || ^3', '>=1.2.0, <1.3.0 or >=3.0.0, <4.0.0'],
    ['*', 'any version'],
  ])('%s in words: %s', (constraint, words) => {
    expect(describeConstraint(parseConstraint(constraint)!)).toBe(words)
  })
})
