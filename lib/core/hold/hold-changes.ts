import { holdUntilKey, policyKey, refusePrefix } from '../policy/index.ts'
import type { DocumentChange } from '../values/types.ts'

type Annotations = Readonly<Record<string, string>>

/** Names one container's tag that must not be chosen again. */
export interface RefusedTag {
  container: string
  tag: string
}

/** Edits that hold a release, under the spellings its document has. `until` is RFC 3339; absent = without end. */
export function holdChanges(
  annotations: Annotations,
  hold: { user: string; message: string; until?: string },
): DocumentChange[] {
  return [
    annotation(policyKey(annotations, 'locked'), 'true'),
    annotation(policyKey(annotations, 'locked_user'), hold.user),
    annotation(policyKey(annotations, 'locked_msg'), hold.message),
    ...(hold.until !== undefined || Object.hasOwn(annotations, holdUntilKey)
      ? [annotation(holdUntilKey, hold.until ?? null)]
      : []),
  ]
}

/** Edits that lift it; what is not written stays so. */
export function liftChanges(annotations: Annotations): DocumentChange[] {
  return [
    annotation(policyKey(annotations, 'locked'), null),
    annotation(policyKey(annotations, 'locked_user'), null),
    annotation(policyKey(annotations, 'locked_msg'), null),
    annotation(holdUntilKey, null),
  ]
}

/** Edits that add tags to those refused; a tag that is refused already is written once. */
export function refuseChanges(annotations: Annotations, tags: readonly RefusedTag[]): DocumentChange[] {
  return [...Map.groupBy(tags, ({ container }) => container)].map(([container, added]) => {
    const key = `${refusePrefix}${container}`
    const written = (Object.hasOwn(annotations, key) ? String(annotations[key]) : '').split(',')
    const all = [...written.map((tag) => tag.trim()), ...added.map(({ tag }) => tag)].filter((tag) => tag !== '')
    return annotation(key, [...new Set(all)].join(','))
  })
}

/** Which of these tags the release refuses. */
export function refusedAmong(
  refused: Readonly<Record<string, readonly string[]>>,
  tags: readonly RefusedTag[],
): RefusedTag[] {
  return tags.filter(({ container, tag }) => Object.hasOwn(refused, container) && refused[container]?.includes(tag))
}

function annotation(key: string, value: string | null): DocumentChange {
  return { kind: 'annotation', key, value }
}
