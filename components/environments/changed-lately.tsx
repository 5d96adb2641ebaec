'use client'

import Link from 'next/link'
import type { Matrix } from '#lib/api/environments.ts'
import { standingOf, versionOf } from '../releases/release-state.ts'
import { Section } from '../ui/card.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { useNow } from '../ui/use-now.ts'
import { releasesOf } from './matrix-rows.ts'

const hourMs = 3_600_000
const atMost = 8

/** What was deployed in the last hour, newest first, with the reason that page, audit and log share. */
export function ChangedLately({ matrix }: { matrix?: Matrix }) {
  const now = useNow(60_000)
  const changed = (matrix ? releasesOf(matrix) : [])
    .filter((release) => release.deployedAt !== undefined && now - release.deployedAt < hourMs)
    .sort((a, b) => (b.deployedAt ?? 0) - (a.deployedAt ?? 0))
    .slice(0, atMost)
  if (changed.length === 0) return null
  return (
    <div className="mt-6">
      <Section title="Changed in the last hour">
        <ul className="divide-y divide-line">
          {changed.map((release) => (
            <li key={release.id} className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-1.5">
              <StateIcon state={standingOf(release).state} />
              <Link
                href={`/releases/${encodeURIComponent(release.id)}/history`}
                className="font-medium hover:underline"
              >
                {release.name}
              </Link>
              <span className="mono text-muted">{versionOf(release)}</span>
              <span className="min-w-0 flex-1 truncate text-muted">{release.reason}</span>
              <RelativeTime at={release.deployedAt ?? now} suffix className="text-xs text-faint" />
            </li>
          ))}
        </ul>
      </Section>
    </div>
  )
}
