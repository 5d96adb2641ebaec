import type { Problem } from '../problem/index.ts'
import { readPolicyKey } from './policy-key.ts'

/** A key that looks like a policy and is none, with the container it seems to be about. */
export interface MisspeltKey {
  key: string
  container?: string
  problem: Problem
}

/** Annotations of Flux and its successors that are no policies. */
const otherNames = new Set(['sync-checksum', 'sync-gc-mark', 'antecedent', 'migrate'])
const policyPrefixes = ['fluxcd.io', 'flux.weave.works', 'filter.fluxcd.io']
const mappingPrefixes = ['repository.fluxcd.io', 'registry.fluxcd.io', 'tag.fluxcd.io']
const otherPrefixes = new Set(['helm.fluxcd.io', 'reconcile.fluxcd.io', ...mappingPrefixes])
const policyWords = ['automated', 'locked', 'locked_user', 'locked_msg', 'ignore']

/** Keys spelt almost like a policy: what they were meant to stop or to filter would silently go on (§9.1). */
export function annotationProblems(annotations: Readonly<Record<string, string>>): Problem[] {
  return misspeltKeys(annotations).map(({ problem }) => problem)
}

export function misspeltKeys(annotations: Readonly<Record<string, string>>): MisspeltKey[] {
  const found: MisspeltKey[] = []
  for (const key of Object.keys(annotations)) {
    const guess = guessMeant(key)
    if (!guess) continue
    const problem: Problem = {
      code: 'policy-key-unknown',
      // A warning, so that it never blocks the release itself: only automation stops, through `filters`.
      severity: 'warning',
      message: `The annotation ${key} is no policy Wheelhouse knows.`,
      suggestion: guess.meant === undefined ? 'Correct its spelling or remove it.' : `Did you mean ${guess.meant}?`,
      ...(guess.container === undefined ? {} : { subject: guess.container }),
    }
    found.push({ key, container: guess.container, problem })
  }
  return found
}

/** Undefined where the key is fine or is somebody else's. */
function guessMeant(key: string): { meant?: string; container?: string } | undefined {
  if (readPolicyKey(key) !== undefined) return undefined
  const slash = key.indexOf('/')
  const prefix = slash < 0 ? '' : key.slice(0, slash)
  const name = key.slice(slash + 1)
  if (prefix === 'wheelhouse.dev') return guessOwn(name)
  if (prefix === '') return /^flux(?:cd\.io|\.weave\.works)/.test(key) ? {} : undefined
  if (otherPrefixes.has(prefix) || prefix.endsWith('toolkit.fluxcd.io')) return undefined
  if (policyPrefixes.includes(prefix)) return otherNames.has(name) ? undefined : guessName(prefix, name)

  const near = policyPrefixes.find((known) => distance(prefix.toLowerCase(), known) <= 2)
  if (near !== undefined) {
    return near === 'filter.fluxcd.io' ? { meant: `${near}/${name}`, container: name } : guessName(near, name)
  }
  const nearMapping = mappingPrefixes.find((known) => distance(prefix.toLowerCase(), known) <= 2)
  if (nearMapping !== undefined) return { meant: `${nearMapping}/${name}` }
  if (/^filters?\.flux/i.test(prefix)) return { meant: `filter.fluxcd.io/${name}`, container: name }
  const ofFlux = /fluxcd|flux\.weave|weave\.works/i.test(prefix)
  const likePolicy = policyWords.includes(name) || name.startsWith('tag.')
  return ofFlux || (likePolicy && /flux|weave/i.test(prefix)) ? guessName('fluxcd.io', name) : undefined
}

function guessName(prefix: string, name: string): { meant?: string; container?: string } {
  const filter = /^([a-z]{2,8})[._:-](.+)$/i.exec(name)
  const word = filter?.[1]?.toLowerCase() ?? ''
  if (filter && (distance(word, 'tag') <= 1 || distance(word, 'filter') <= 2)) {
    return { meant: `${prefix}/tag.${filter[2]}`, container: filter[2] }
  }
  const meant = policyWords.find((known) => distance(name.toLowerCase(), known) <= 2)
  return meant === undefined ? {} : { meant: `${prefix}/${meant}` }
}

/** Only near misses of the two keys that hold something back; other keys of the product belong to other readers. */
function guessOwn(name: string): { meant?: string; container?: string } | undefined {
  if (name === 'hold-until' || /^refuse\../.test(name)) return undefined
  if (distance(name.toLowerCase(), 'hold-until') <= 3) return { meant: 'wheelhouse.dev/hold-until' }
  const refuse = /^(refuses?|refused?|refuse-tags?)(?:[._:-](.*))?$/i.exec(name)
  if (!refuse) return undefined
  return { meant: `wheelhouse.dev/refuse.${refuse[2] || '<container>'}`, container: refuse[2] || undefined }
}

/** Levenshtein distance, given up beyond 64 characters. */
function distance(a: string, b: string): number {
  if (a.length > 64) return a.length
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const swap = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      next.push(Math.min(swap, (previous[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    previous = next
  }
  return previous[b.length] ?? 0
}
