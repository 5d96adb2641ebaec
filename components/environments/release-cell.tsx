'use client'

import Link from 'next/link'
import type { Release } from '#lib/api/release-schemas.ts'
import { imageTags, standingOf, versionOf } from '../releases/release-state.ts'
import { classNames } from '../ui/class-names.ts'
import { Duration } from '../ui/duration.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StateIcon, stateText, type State } from '../ui/state-icon.tsx'

const washes: Partial<Record<State, string>> = { bad: 'wash-bad', run: 'wash-run' }

/** One release in the matrix: version, how it stands, since when, and who moves it. The whole cell is the link. */
export function ReleaseCell({
  release,
  named,
  besideArrow = false,
}: {
  release: Release
  named: boolean
  /** Room is kept at its right end for the arrow to the next environment. */
  besideArrow?: boolean
}) {
  const standing = standingOf(release)
  const policy = release.images.find((image) => image.automated && image.policy)?.policy
  return (
    <Link
      href={`/releases/${encodeURIComponent(release.id)}`}
      className={classNames(
        'block h-full min-w-0 px-3.5 py-[11px] hover:bg-sunken focus-visible:-outline-offset-2',
        besideArrow && 'pr-12 @min-[240px]/cell:pr-32',
        washes[standing.state],
      )}
    >
      <span className="flex items-center gap-[7px] font-mono text-sm font-medium tracking-[-0.02em]">
        <StateIcon state={standing.state} />
        <span className="truncate">{versionOf(release)}</span>
        {named && <span className="truncate font-sans text-xs font-normal text-faint">{release.name}</span>}
      </span>
      <span className="mt-1 flex items-center gap-2 overflow-hidden text-xs whitespace-nowrap text-faint">
        {standing.loud ? (
          <>
            <span className={classNames('truncate', stateText[standing.state])} title={release.reason}>
              {standing.detail ?? standing.words}
            </span>
            {standing.state === 'run' ? <Duration from={standing.since} /> : <RelativeTime at={standing.since} />}
          </>
        ) : (
          <QuietLine release={release} policy={policy} />
        )}
        {release.mode === 'observe' && <span className="text-muted">only observed</span>}
      </span>
    </Link>
  )
}

function QuietLine({ release, policy }: { release: Release; policy?: string }) {
  return (
    <>
      <Glyph name={release.automated ? 'automated' : 'manual'} />
      {release.deployedAt !== undefined && <RelativeTime at={release.deployedAt} />}
      {!release.automated && <span>manual</span>}
      {release.images.length > 1 ? (
        <span className="truncate">{imageTags(release)}</span>
      ) : (
        release.automated && policy && <span className="mono truncate">{policy}</span>
      )}
    </>
  )
}
