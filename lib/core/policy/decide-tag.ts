import { compilePolicy, isUnfollowedLatest, maxTagLength, type CompiledPolicy } from './parse-policy.ts'
import { surveyTimes, surveyVersions, type Survey } from './survey.ts'
import type { Policy, PolicyDecision, PolicyInput, TagFact } from './types.ts'

/**
 * What automation does for one container. It moves forward only: to the best match, and only if that is newer than what
 * runs by the policy's own order (§9.4). The running tag's version or recorded time counts even if its tag is gone.
 */
export function decideTag(input: PolicyInput): PolicyDecision {
  const compiled = compilePolicy(input.policy)
  return compiled.ok ? survey(input, compiled).decision : { kind: 'blocked', problem: compiled.problem }
}

/** One pass over the tags; the same for the decision and for the verdict on each tag. */
export function survey(input: PolicyInput, compiled: Extract<CompiledPolicy, { ok: true }>): Survey {
  return compiled.order === 'version'
    ? surveyVersions(input, compiled.constraint)
    : surveyTimes(input, compiled.matches)
}

/**
 * Tags whose build time has to be read before a choice: those that match a glob or regexp and were never read, and the
 * running one. Empty for semver, whose scan needs tag lists alone (§9.6).
 */
export function tagsNeedingTime(policy: Policy, tags: readonly TagFact[], current?: string): string[] {
  const compiled = compilePolicy(policy)
  if (!compiled.ok || compiled.order === 'version') return []
  const needed: string[] = []
  for (const { name, created, vanished } of tags) {
    if (created !== undefined || vanished === true || name.length > maxTagLength) continue
    if (name === current || (!isUnfollowedLatest(policy, name) && compiled.matches(name))) needed.push(name)
  }
  return needed
}
