import { describe, expect, it } from 'vitest'
import { compilePolicy, formatPolicy, parsePolicy } from './parse-policy.ts'

function matches(pattern: string, tag: string): boolean {
  const parsed = parsePolicy(pattern)
  const compiled = parsed.ok ? compilePolicy(parsed.policy) : parsed
  if (!compiled.ok || compiled.order !== 'time') throw new Error('not a glob or regexp')
  return compiled.matches(tag)
}

describe('parsePolicy', () => {
  it.each([
    ['glob', 'glob:dev-*', 'glob', 'dev-*'],
    ['semver', 'semver:~0.4', 'semver', '~0.4'],
    ['regexp', 'regexp:^0.6.*', 'regexp', '^0.6.*'],
    ['regex is regexp', 'regex:^0.6.*', 'regexp', '^0.6.*'],
    ['no known kind is a glob', 'dev-*', 'glob', 'dev-*'],
    ['= in the expression stays', 'semver:>=1.0', 'semver', '>=1.0'],
  ])('%s', (_label, text, kind, expression) => {
    expect(parsePolicy(text)).toEqual({ ok: true, policy: { kind, expression } })
  })

  it.each([
    ['invalid semver', 'semver:banana', 'policy-semver-invalid'],
    ['invalid regexp', 'regexp:dev-(', 'policy-regexp-invalid'],
    ['look-ahead is no RE2', 'regexp:(?=dev)', 'policy-regexp-invalid'],
    ['back-reference is no RE2', String.raw`regexp:(a)\1`, 'policy-regexp-invalid'],
    ['repeat beyond the limit', 'regexp:(a{100}){100}', 'policy-regexp-invalid'],
    ['mistyped kind', 'semvar:~0.4', 'policy-kind-unknown'],
    ['kind in capitals', 'Glob:dev-*', 'policy-kind-unknown'],
    ['empty glob', 'glob:', 'policy-empty'],
    ['empty semver', 'semver:', 'policy-empty'],
    ['empty regexp', 'regexp: ', 'policy-empty'],
    ['empty text', '', 'policy-empty'],
    ['too long', `glob:${'a'.repeat(600)}`, 'policy-too-long'],
  ])('refuses: %s', (_label, text, code) => {
    expect(parsePolicy(text)).toMatchObject({ ok: false, problem: { code, severity: 'error' } })
  })

  it('prints what it read', () => {
    expect(formatPolicy({ kind: 'semver', expression: '~0.4' })).toBe('semver:~0.4')
  })
})

describe('glob', () => {
  it.each([
    ['run at the end', 'glob:dev-*', 'dev-abc', true],
    ['empty run', 'glob:dev-*', 'dev-', true],
    ['whole tag: something before', 'glob:dev-*', 'xdev-abc', false],
    ['whole tag: something behind', 'glob:*-dev', 'a-dev-1', false],
    ['everything', 'glob:*', 'x', true],
    ['literal', 'glob:1.0', '1.0', true],
    ['the dot is literal', 'glob:1.0', '1x0', false],
    ['middle run', 'glob:v0.15.*-rc*', 'v0.15.2-rc1', true],
    ['pieces in order', 'glob:*a*b*', 'xbxa', false],
    ['pieces must not overlap', 'glob:ab*ba', 'aba', false],
    ['middle piece must leave room for the end', 'glob:a*bc*c', 'abc', false],
    ['question mark is literal', 'glob:dev-?', 'dev-a', false],
    ['brackets are literal', 'glob:dev-[ab]', 'dev-a', false],
    ['spaces count', 'glob: dev-*', 'dev-a', false],
    ['case counts', 'glob:DEV-*', 'dev-a', false],
  ])('%s: %s on %s', (_label, pattern, tag, expected) => {
    expect(matches(pattern, tag)).toBe(expected)
  })
})

describe('regexp', () => {
  it.each([
    ['unanchored', 'regexp:0.6', 'x0.6y', true],
    ['anchored start', 'regexp:^0.6.*', '10.6.1', false],
    ['the article’s NATS filter', 'regexp:^0.6.*', '0.6.8', true],
    ['anchored end', 'regexp:^dev-[a-z0-9]+$', 'dev-kb9lm91e', true],
    ['anchored end, other rest', 'regexp:^dev-[a-z0-9]+$', 'dev-kb9.lm', false],
    ['optional element', String.raw`regexp:^v?1\.2\.\d+$`, '1.2.30', true],
    ['flag group (RE2)', 'regexp:(?i)^DEV', 'dev-1', true],
    ['named group (RE2)', 'regexp:(?P<env>dev|stg)-', 'stg-1', true],
    ['POSIX class (RE2)', 'regexp:^[[:digit:]]+$', '123', true],
    ['alternatives', 'regexp:^(dev|stg)-', 'prod-1', false],
    ['counted repeat', 'regexp:^a{2}b', 'aab', true],
  ])('%s: %s on %s', (_label, pattern, tag, expected) => {
    expect(matches(pattern, tag)).toBe(expected)
  })

  it.each([
    ['nested repeats', 'regexp:^(a+)+$'],
    ['many optional elements', `regexp:^${'a?'.repeat(25)}${'a'.repeat(25)}$`],
    ['two unbounded repeats', 'regexp:^a*a*a*a*a*a*a*a*b$'],
  ])('stays linear: %s', (_label, pattern) => {
    // With a backtracking engine each of these would outlast the test's time limit.
    for (let count = 0; count < 200; count += 1) matches(pattern, `${'a'.repeat(127)}!`)
    expect(matches(pattern, `${'a'.repeat(127)}!`)).toBe(false)
  })
})
