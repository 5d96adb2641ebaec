import type { Permission } from '#lib/api/endpoint.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import type { GlyphName } from '../ui/glyph.tsx'

export const actionKinds = [
  'release',
  'rollback',
  'lock',
  'unlock',
  'automate',
  'deautomate',
  'retry',
  'unlock-pending',
  'adopt',
] as const
export type ActionKind = (typeof actionKinds)[number]

export interface ReleaseActionOffer {
  kind: ActionKind
  words: string
  icon: GlyphName
}

const offers: Record<ActionKind, Omit<ReleaseActionOffer, 'kind'>> = {
  release: { words: 'Release a tag', icon: 'tag' },
  rollback: { words: 'Roll back', icon: 'undo' },
  lock: { words: 'Hold', icon: 'lock' },
  unlock: { words: 'Lift the hold', icon: 'unlock' },
  automate: { words: 'Automate', icon: 'automated' },
  deautomate: { words: 'Stop automation', icon: 'manual' },
  retry: { words: 'Retry', icon: 'retry' },
  'unlock-pending': { words: 'Unlock and go on', icon: 'unlock' },
  adopt: { words: 'Adopt', icon: 'check' },
}

/** The same permissions the endpoints name. */
export const actionPermissions = {
  release: 'releases:write',
  rollback: 'releases:rollback',
  lock: 'holds:write',
  unlock: 'holds:write',
  automate: 'policies:write',
  deautomate: 'policies:write',
  retry: 'releases:write',
  'unlock-pending': 'releases:write',
  adopt: 'adoptions:write',
} satisfies Record<ActionKind, Permission>

/** What a person can do to a release as it stands now, the most pressing first. Whether they may is asked elsewhere. */
export function releaseActions(
  release: Pick<Release, 'phase' | 'lock' | 'emergency' | 'automated' | 'images' | 'problems' | 'revision' | 'desired'>,
): ReleaseActionOffer[] {
  if (!release.desired) return []
  const has = (code: string) => release.problems.some((problem) => problem.code.startsWith(code))
  const kinds: (ActionKind | false)[] = [
    has('release-pending') && 'unlock-pending',
    has('adopt') && 'adopt',
    (release.phase === 'failed' || release.phase === 'blocked') && 'retry',
    release.images.length > 0 && 'release',
    (release.revision ?? 0) > 1 && 'rollback',
    release.lock || release.emergency ? 'unlock' : 'lock',
    release.images.length > 0 && (release.automated ? 'deautomate' : 'automate'),
  ]
  return kinds.filter((kind) => kind !== false).map((kind) => ({ kind, ...offers[kind] }))
}
