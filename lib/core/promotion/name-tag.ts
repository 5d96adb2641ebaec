import { isValidTag } from '../image/index.ts'
import { fillTagTemplate } from '../pipeline/index.ts'
import { decideTag, type Policy } from '../policy/index.ts'
import type { Problem } from '../problem/index.ts'
import { nextVersion } from './next-version.ts'

/** Of one container, where its image is promoted from and to. */
export interface TagNaming {
  application: string
  source: { environment: string; tag: string; policy?: Policy }
  target: {
    environment: string
    policy: Policy
    /** Every tag ever seen in the target's repository, those that are gone included: a name is never used twice. */
    known: readonly string[]
    refused: readonly string[]
  }
  /** `tag` of the environment in `wheelhouse.yaml`. */
  template?: string
}

export type NamedTag = { ok: true; tag: string; reason: string } | { ok: false; problem: Problem }

/**
 * The name an image gets for the target when it is re-tagged (§9.29): by the template, else by the target's filter — a
 * glob's prefix in place of the source's (`dev-abc` → `stg-abc`), or the next patch of the highest known version.
 */
export function nameTag(naming: TagNaming): NamedTag {
  const derived = derive(naming)
  if (!derived.ok) return derived
  const problem = tagNameProblem(derived.tag, naming.target)
  return problem ? { ok: false, problem } : derived
}

/** What is wrong with a name for the target, also one that a person wrote into the plan; nothing if it is well. */
export function tagNameProblem(
  tag: string,
  { environment, policy, refused }: Omit<TagNaming['target'], 'known'>,
): Problem | undefined {
  if (!isValidTag(tag)) return undecided(`“${tag.slice(0, 140)}” is no image tag.`)
  if (refused.includes(tag)) return undecided(`${environment} refuses ${tag}: it was rolled back there.`)
  if (!matchesPolicy(policy, tag)) {
    return undecided(
      `${tag} does not match ${policy.kind}:${policy.expression}, by which ${environment} chooses its tags.`,
    )
  }
  return undefined
}

/** Whether a filter would take a tag, of whatever age. */
export function matchesPolicy(policy: Policy, tag: string): boolean {
  return decideTag({ policy, tags: [{ name: tag, created: 0 }] }).kind === 'move'
}

function derive(naming: TagNaming): NamedTag {
  const { source, target, template, application } = naming
  if (template !== undefined) {
    const version = /^v?\d+(?:\.\d+){1,2}(?:-[0-9A-Za-z.-]+)?$/.test(source.tag) ? source.tag : undefined
    const parts = { tag: source.tag, rest: restOf(source), version, application, environment: target.environment }
    const filled = fillTagTemplate(template, parts)
    if (filled.ok) return named(filled.tag, `${source.tag} by the template ${template}`)
    return {
      ok: false,
      problem: undecided(`${source.tag} has no ${filled.missing}, which the template ${template} needs.`),
    }
  }
  switch (target.policy.kind) {
    case 'glob':
      return byGlob(naming)
    case 'semver': {
      const next = nextVersion(target.policy, [...target.known, ...target.refused])
      if (next) return named(next.tag, next.reason)
      return { ok: false, problem: undecided(`No version within ${target.policy.expression} follows those there are.`) }
    }
    case 'regexp': {
      if (matchesPolicy(target.policy, source.tag)) return named(source.tag, `${source.tag} matches as it is`)
      const message = `What a tag has to look like to match regexp:${target.policy.expression} cannot be told.`
      return { ok: false, problem: undecided(message) }
    }
  }
}

function byGlob({ source, target }: TagNaming): NamedTag {
  const { expression } = target.policy
  const [before = '', after, ...more] = expression.split('*')
  if (after === undefined || more.length > 0) {
    const what = after === undefined ? 'names one tag, and a tag is never moved' : 'has more than one place to fill'
    return { ok: false, problem: undecided(`glob:${expression} ${what}.`) }
  }
  const rest = restOf(source)
  // Everything matches: the environment tells the tags apart.
  const prefix = expression === '*' ? `${target.environment}-` : before
  return named(`${prefix}${rest}${after}`, `${source.tag} named for glob:${expression}`)
}

/** The part of a tag that is its own: what the `*` of its filter stands for, without the name of its environment. */
function restOf({ tag, policy, environment }: TagNaming['source']): string {
  const [before = '', after, ...more] = policy?.kind === 'glob' ? policy.expression.split('*') : []
  const single = after !== undefined && more.length === 0 && before !== ''
  if (single && tag.startsWith(before) && tag.endsWith(after) && tag.length > before.length + after.length) {
    return tag.slice(before.length, tag.length - after.length)
  }
  return tag.startsWith(`${environment}-`) && tag.length > environment.length + 1
    ? tag.slice(environment.length + 1)
    : tag
}

function named(tag: string, reason: string): NamedTag {
  return { ok: true, tag, reason }
}

function undecided(message: string): Problem {
  return {
    code: 'tag-name-undecided',
    severity: 'error',
    message,
    suggestion: 'Write the tag into the plan, or a template for it as tag: into wheelhouse.yaml.',
  }
}
