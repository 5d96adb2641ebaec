'use client'

import type { Release } from '#lib/api/release-schemas.ts'
import { shortName } from '../session/short-name.ts'
import { Banner } from '../ui/banner.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'

/** A rollback that did not wait for Git: until the commit is made, Git says something else than what runs. */
export function GitDisagrees({ release }: { release: Release }) {
  const { emergency } = release
  if (!emergency) return null
  const { by, toRevision, reason, because, failed } = emergency
  return (
    <Banner
      state={failed ? 'bad' : 'held'}
      aside={<RelativeTime at={emergency.at} suffix className="text-xs text-faint" />}
    >
      <b className="font-semibold">Git disagrees.</b>{' '}
      <span className="text-muted">
        {shortName(by)} rolled back to revision {toRevision} without waiting for Git: {reason} {because}{' '}
        {failed ? `Helm could not go back: ${failed}` : 'It is held; the commit follows as soon as Git takes it.'}
      </span>
    </Banner>
  )
}
