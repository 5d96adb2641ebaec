/** A version as Masterminds/semver reads it leniently. Build metadata has no precedence and is not kept. */
export interface Version {
  major: number
  minor: number
  patch: number
  /** Without the dash; empty for a release. */
  pre: string
}

const dot = 46
const dash = 45
const plus = 43
const zero = 48
const nine = 57
const lowerV = 118

/** A tag of digits alone: a date, a build number, an all-digit commit. */
export function isLoneInteger(tag: string): boolean {
  return /^\d+$/.test(tag)
}

/**
 * Optional `v`, one to three numeric parts, `-pre`, `+meta`. Undefined where the text is none, a part is beyond 2^53, or
 * a numeric pre-release part has a leading zero. Reads characters by hand: it runs over every tag of a repository.
 */
export function parseVersion(text: string): Version | undefined {
  const end = text.length
  let at = text.charCodeAt(0) === lowerV ? 1 : 0
  const parts = [0, 0, 0]
  let count = 0
  for (;;) {
    const start = at
    let value = 0
    while (at < end && isDigit(text.charCodeAt(at))) value = value * 10 + (text.charCodeAt(at++) - zero)
    if (at === start || value > Number.MAX_SAFE_INTEGER) return undefined
    parts[count++] = value
    if (count === 3 || text.charCodeAt(at) !== dot) break
    at += 1
  }
  const version = { major: parts[0] ?? 0, minor: parts[1] ?? 0, patch: parts[2] ?? 0, pre: '' }
  if (at === end) return version
  const mark = text.charCodeAt(at)
  if (mark !== dash && mark !== plus) return undefined
  const metaAt = text.indexOf('+', at)
  const pre = mark === dash ? text.slice(at + 1, metaAt < 0 ? end : metaAt) : ''
  if (mark === dash && !isPreRelease(pre)) return undefined
  if (metaAt >= 0 && !identifiers.test(text.slice(metaAt + 1))) return undefined
  version.pre = pre
  return version
}

/** Precedence of semver 2.0.0 §11: negative where `a` comes before `b`. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePreReleases(a.pre, b.pre)
}

export function formatVersion(version: Version): string {
  const release = `${version.major}.${version.minor}.${version.patch}`
  return version.pre === '' ? release : `${release}-${version.pre}`
}

const identifiers = /^[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*$/

function isPreRelease(text: string): boolean {
  return identifiers.test(text) && !/(?:^|\.)0\d+(?:\.|$)/.test(text)
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine
}

function comparePreReleases(a: string, b: string): number {
  if (a === b) return 0
  if (a === '') return 1
  if (b === '') return -1
  const left = a.split('.')
  const right = b.split('.')
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const order = compareIdentifiers(left[index] ?? '', right[index] ?? '')
    if (order !== 0) return order
  }
  return left.length - right.length
}

function compareIdentifiers(a: string, b: string): number {
  const aNumeric = isLoneInteger(a)
  const bNumeric = isLoneInteger(b)
  if (aNumeric !== bNumeric) return aNumeric ? -1 : 1
  // Without leading zeros the longer number is the greater one, at any length.
  if (aNumeric && a.length !== b.length) return a.length - b.length
  if (a === b) return 0
  return a < b ? -1 : 1
}
