import { decideTag, type Policy } from '../policy/index.ts'

const version = /^(v?)(\d{1,15})\.(\d{1,15})(?:\.(\d{1,15}))?(-.+)?$/
/** Names taken in a row before it is given up. */
const maxTries = 1_000

/**
 * The highest known version within a constraint, patch + 1; a pre-release is followed by its release. Where none is known,
 * the first version the constraint names. Nothing where what follows is outside the constraint, or cannot be told.
 */
export function nextVersion(policy: Policy, known: readonly string[]): { tag: string; reason: string } | undefined {
  const highest = decideTag({ policy, tags: known.map((name) => ({ name })) })
  const within = (tag: string): boolean => decideTag({ policy, tags: [{ name: tag }] }).kind === 'move'
  if (highest.kind !== 'move') {
    // Where numbers alone are the versions, nothing says what comes next.
    const first = known.some((tag) => /^\d+$/.test(tag)) ? undefined : firstNamed(policy.expression)
    return first !== undefined && within(first)
      ? { tag: first, reason: `the first version within ${policy.expression}` }
      : undefined
  }
  const [, v = '', major = '', minor = '', patch = '0', pre] = version.exec(highest.tag) ?? []
  if (major === '') return undefined
  const taken = new Set(known)
  const start = Number(patch) + (pre === undefined ? 1 : 0)
  for (let next = start; next < start + maxTries; next += 1) {
    const tag = `${v}${major}.${minor}.${next}`
    if (!within(tag)) return undefined
    if (!taken.has(tag))
      return { tag, reason: `the next patch after ${highest.tag}, the highest within ${policy.expression}` }
  }
  return undefined
}

/** `~0.4` → 0.4.0: the numbers that stand first in a constraint, filled up. */
function firstNamed(expression: string): string | undefined {
  const [, v = '', major, minor = '0', patch = '0'] = /(v?)(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(expression) ?? []
  return major === undefined ? undefined : `${v}${major}.${minor}.${patch}`
}
