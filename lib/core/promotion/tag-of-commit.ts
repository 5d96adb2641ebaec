import type { Policy } from '../policy/index.ts'
import { matchesPolicy } from './name-tag.ts'

/** Label by which an image says what it was built from (OCI image spec, annotations). */
const revisionLabel = 'org.opencontainers.image.revision'
/** At its end, as in `stg-1a2b3c4d`: at least seven digits, which is what Git itself shortens to. */
const ending = /(?:^|[^0-9a-z])([0-9a-f]{7,40})$/i

/** The tag of the filter whose end names a commit; of several the one that names it at greater length. */
export function tagOfCommit(tags: readonly string[], policy: Policy, commit: string): string | undefined {
  const named = tags.flatMap((tag) => {
    const [, digits = ''] = ending.exec(tag) ?? []
    const isIts = digits !== '' && commit.startsWith(digits.toLowerCase()) && matchesPolicy(policy, tag)
    return isIts ? [{ tag, length: digits.length }] : []
  })
  return named.sort((a, b) => b.length - a.length || (a.tag < b.tag ? -1 : 1))[0]?.tag
}

/** What an image says of the commit it was built from, at whatever length: by its label, else by the end of its tag. */
export function commitNamedBy(tag: string, labels: Readonly<Record<string, string>>): string | undefined {
  const revision = labels[revisionLabel]?.toLowerCase() ?? ''
  if (/^[0-9a-f]{7,40}$/.test(revision)) return revision
  return ending.exec(tag)?.[1]?.toLowerCase()
}

/** Whether an image says itself that it was built from a commit, at whatever length. */
export function isBuiltFrom(labels: Readonly<Record<string, string>>, commit: string): boolean {
  const revision = labels[revisionLabel]?.toLowerCase() ?? ''
  return /^[0-9a-f]{7,40}$/.test(revision) && commit.startsWith(revision)
}
