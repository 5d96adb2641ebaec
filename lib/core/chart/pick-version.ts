import { decideTag, parsePolicy } from '../policy/index.ts'

export type PickedVersion = { kind: 'picked'; version: string } | { kind: 'none' } | { kind: 'invalid' }

/**
 * Whether a version names one chart for good: all three parts are there. Publishers do not change what they published
 * under one, so it is had once; ranges, `latest`, `1.2` and other moving names are looked at again.
 */
export function isExactVersion(version: string): boolean {
  return /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(version)
}

/**
 * The version asked for: exactly as written, else the highest that satisfies it as a constraint; '' is `*`, the highest
 * release. Same matcher as for image tags (Masterminds/semver, semantics.md §1), hence the detour through a policy.
 */
export function pickVersion(versions: readonly string[], wanted: string): PickedVersion {
  const exact = versions.find((version) => version === wanted || version === `v${wanted}`)
  if (exact !== undefined) return { kind: 'picked', version: exact }
  const parsed = parsePolicy(`semver:${wanted.trim() === '' ? '*' : wanted}`)
  if (!parsed.ok) return { kind: 'invalid' }
  const decision = decideTag({ policy: parsed.policy, tags: versions.map((name) => ({ name })) })
  return decision.kind === 'move' ? { kind: 'picked', version: decision.tag } : { kind: 'none' }
}
