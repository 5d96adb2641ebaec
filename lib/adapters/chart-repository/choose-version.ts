import { Fault } from '#lib/core/fault/index.ts'
import { decideTag, parsePolicy } from '#lib/core/policy/index.ts'
import type { ChartVersion } from './parse-index.ts'

/**
 * The version asked for: exactly as written, else the highest that satisfies it as a constraint; '' is `*`, the highest
 * release. Same matcher as for image tags (Masterminds/semver, semantics.md §1), hence the detour through a policy.
 * Throws Fault `chart-unavailable` where none fits, `invalid` for what is neither version nor constraint.
 */
export function chooseVersion(versions: readonly ChartVersion[], wanted: string, name: string): ChartVersion {
  const exact = versions.find(({ version }) => version === wanted || version === `v${wanted}`)
  if (exact) return exact
  const parsed = parsePolicy(`semver:${wanted.trim() === '' ? '*' : wanted}`)
  if (!parsed.ok) throw new Fault('invalid', `${wanted} is neither a version nor a range of versions of ${name}.`)
  const decision = decideTag({ policy: parsed.policy, tags: versions.map(({ version }) => ({ name: version })) })
  const chosen = decision.kind === 'move' ? versions.find(({ version }) => version === decision.tag) : undefined
  if (chosen) return chosen
  throw new Fault(
    'chart-unavailable',
    `The chart repository has no version of ${name} that satisfies ${wanted || '*'}.`,
  )
}
