import { compareVersions, formatVersion, parseVersion, type Version } from './version.ts'

/** A compiled semver constraint: `||` of groups, each an AND of ranges. */
export interface Constraint {
  groups: readonly Group[]
}

interface Group {
  ranges: readonly Range[]
  /** Some comparator of the group carries a pre-release part, so pre-releases in range pass (§9.2). */
  preReleases: boolean
}

interface Range {
  low?: Bound
  high?: Bound
  /** `!=`: everything outside the bounds. */
  inverted: boolean
}

interface Bound {
  version: Version
  inclusive: boolean
}

/** The number as written in a constraint: missing and wildcard parts are undefined. */
interface Partial {
  major?: number
  minor?: number
  patch?: number
  pre: string
}

const number = String.raw`v?(?:\d+|[xX*])(?:\.(?:\d+|[xX*])){0,2}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?(?![^\s,])`
const hyphenRange = new RegExp(String.raw`(${number})\s+-\s+(${number})`, 'y')
const comparator = new RegExp(String.raw`(!=|>=|=>|<=|=<|~>|=|>|<|~|\^)?\s*(${number})`, 'y')
const separator = /\s*,\s*|\s+/y

/** Undefined where the text is no constraint. Grammar: semantics.md §1 (Masterminds/semver v3). */
export function parseConstraint(text: string): Constraint | undefined {
  const groups: Group[] = []
  for (const part of text.split('||')) {
    const group = parseGroup(part.trim())
    if (!group) return undefined
    groups.push(group)
  }
  return { groups }
}

export function satisfies(constraint: Constraint, version: Version): boolean {
  return constraint.groups.some(
    (group) => (version.pre === '' || group.preReleases) && group.ranges.every((range) => isWithin(range, version)),
  )
}

/** Whether the version fails only because it is a pre-release and no comparator names one. */
export function refusedAsPreRelease(constraint: Constraint, version: Version): boolean {
  if (version.pre === '') return false
  return constraint.groups.some((group) => group.ranges.every((range) => isWithin(range, version)))
}

/** The bounds in words: `>=0.4.0, <0.5.0`. */
export function describeConstraint(constraint: Constraint): string {
  return constraint.groups.map(describeGroup).join(' or ')
}

function parseGroup(text: string): Group | undefined {
  const ranges: Range[] = []
  let preReleases = false
  let at = 0
  while (at < text.length || ranges.length === 0) {
    if (ranges.length > 0) {
      separator.lastIndex = at
      if (!separator.test(text)) return undefined
      at = separator.lastIndex
    }
    const found = takeRange(text, at)
    if (!found) return undefined
    ranges.push(...found.ranges)
    preReleases ||= found.preRelease
    at = found.end
  }
  return { ranges, preReleases }
}

function takeRange(text: string, at: number): { ranges: Range[]; preRelease: boolean; end: number } | undefined {
  hyphenRange.lastIndex = at
  const hyphen = hyphenRange.exec(text)
  if (hyphen) {
    const from = parsePartial(hyphen[1] ?? '')
    const to = parsePartial(hyphen[2] ?? '')
    if (!from || !to) return undefined
    const preRelease = from.pre !== '' || to.pre !== ''
    return { ranges: [rangeOf('>=', from), rangeOf('<=', to)], preRelease, end: hyphenRange.lastIndex }
  }
  comparator.lastIndex = at
  const single = comparator.exec(text)
  const partial = single && parsePartial(single[2] ?? '')
  if (!single || !partial) return undefined
  return { ranges: [rangeOf(single[1] ?? '', partial)], preRelease: partial.pre !== '', end: comparator.lastIndex }
}

function parsePartial(text: string): Partial | undefined {
  const [, numbers = '', pre = ''] = /^v?([^-+]+)(?:-([^+]*))?/.exec(text) ?? []
  const parts = numbers.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : undefined))
  const wild = parts.indexOf(undefined)
  const known = wild < 0 ? parts : parts.slice(0, wild)
  const [major, minor, patch] = known
  const whole = `${major ?? 0}.${minor ?? 0}.${patch ?? 0}${pre === '' ? '' : `-${pre}`}`
  return parseVersion(whole) ? { major, minor, patch, pre } : undefined
}

function rangeOf(operator: string, partial: Partial): Range {
  const { major, minor, patch } = partial
  const start: Version = { major: major ?? 0, minor: minor ?? 0, patch: patch ?? 0, pre: partial.pre }
  if (major === undefined) return anyRange(operator)
  const low = { version: start, inclusive: true }
  const whole = patch !== undefined
  switch (operator) {
    case '!=':
      return { low, high: whole ? low : before(partEnd(partial)), inverted: true }
    case '>':
      return { low: whole ? { version: start, inclusive: false } : from(partEnd(partial)), inverted: false }
    case '<':
      return { high: { version: start, inclusive: false }, inverted: false }
    case '>=':
    case '=>':
      return { low, inverted: false }
    case '<=':
    case '=<':
      return { high: whole ? low : before(partEnd(partial)), inverted: false }
    case '~':
    case '~>':
      return {
        low,
        high: before(minor === undefined ? release(major + 1) : release(major, minor + 1)),
        inverted: false,
      }
    case '^':
      return { low, high: before(caretEnd(partial, major)), inverted: false }
    default:
      // Bare and `=`: a partial version acts as `~`, a whole one as itself.
      return { low, high: whole ? low : before(partEnd(partial)), inverted: false }
  }
}

/** `*`: every version; the strict comparators with it match none. */
function anyRange(operator: string): Range {
  const none = operator === '>' || operator === '<' || operator === '!='
  return none
    ? {
        high: { version: release(0), inclusive: false },
        low: { version: release(0), inclusive: false },
        inverted: false,
      }
    : { inverted: false }
}

/** First release beyond all that the written parts cover: `1.2` → 1.3.0, `11` → 12.0.0. */
function partEnd({ major = 0, minor }: Partial): Version {
  return minor === undefined ? release(major + 1) : release(major, minor + 1)
}

function caretEnd({ minor, patch }: Partial, major: number): Version {
  if (major > 0 || minor === undefined) return release(major + 1)
  if (minor > 0 || patch === undefined) return release(0, minor + 1)
  return release(0, 0, patch + 1)
}

function release(major: number, minor = 0, patch = 0): Version {
  return { major, minor, patch, pre: '' }
}

/** Implied bounds lie before the pre-releases of the version they name: `~1.2` has no 1.3.0-rc.1. */
function before(version: Version): Bound {
  return { version: { ...version, pre: '0' }, inclusive: false }
}

function from(version: Version): Bound {
  return { version: { ...version, pre: '0' }, inclusive: true }
}

function isWithin(range: Range, version: Version): boolean {
  const { low, high } = range
  const fromLow = low ? compareVersions(version, low.version) : 1
  const fromHigh = high ? compareVersions(version, high.version) : -1
  const inside =
    (fromLow > 0 || (fromLow === 0 && low?.inclusive === true)) &&
    (fromHigh < 0 || (fromHigh === 0 && high?.inclusive === true))
  return inside !== range.inverted
}

function describeGroup(group: Group): string {
  const texts = group.ranges.map(describeRange).filter((text) => text !== '')
  return texts.length === 0 ? 'any version' : texts.join(', ')
}

function describeRange({ low, high, inverted }: Range): string {
  if (low && high && low.version === high.version) return `${inverted ? '!=' : '='}${formatVersion(low.version)}`
  const texts = [
    low && `${low.inclusive ? '>=' : '>'}${formatBound(low)}`,
    high && `${high.inclusive ? '<=' : '<'}${formatBound(high)}`,
  ].filter((text) => text !== undefined)
  return inverted ? `not (${texts.join(', ')})` : texts.join(', ')
}

function formatBound({ version }: Bound): string {
  return formatVersion(version.pre === '0' ? { ...version, pre: '' } : version)
}
