import type { SourceHealth, SourceSeen } from '../gate/types.ts'
import type { DeployedImages } from '../pipeline/index.ts'

/** What one environment had deployed from one time on. */
export interface SourceRevision {
  images: DeployedImages
  /** Digest of the chart; absent = not known. */
  chart?: string
  /** Milliseconds since the epoch. */
  at: number
  /** Longest time without a break for which it was healthy; needed only once something newer came. */
  healthyMs?: number
}

/** What a change brings to the target: only this has to have run in the source. */
export interface Brought {
  images: Readonly<Record<string, string>>
  chart?: string
}

/** Since when a source runs exactly what is promoted, or how long it did. `history` oldest first, one per revision. */
export function seeSource(
  environment: string,
  history: readonly SourceRevision[],
  health: SourceHealth,
  brought: Brought,
): SourceSeen {
  const verdicts = history.map((revision) => compare(revision, brought))
  const latest = verdicts.at(-1)
  if (latest === undefined) return { kind: 'never', environment }
  if (latest === 'unknown') {
    return { kind: 'unknown', environment, reason: 'The digest of what is deployed there is not known.' }
  }
  if (latest === 'same') {
    const begun = verdicts.findLastIndex((verdict) => verdict !== 'same') + 1
    return { kind: 'runs', environment, since: history[begun]?.at ?? health.since, health }
  }
  const last = verdicts.lastIndexOf('same')
  const successor = history[last + 1]
  if (last < 0 || !successor) return { kind: 'never', environment }
  return { kind: 'ran', environment, until: successor.at, healthyMs: history[last]?.healthyMs ?? 0 }
}

function compare(revision: SourceRevision, { images, chart }: Brought): 'same' | 'other' | 'unknown' {
  const pairs = Object.entries(images).map(([container, digest]) => {
    const there = Object.hasOwn(revision.images, container)
    return { there, known: revision.images[container], digest }
  })
  if (pairs.some(({ there, known, digest }) => !there || (known !== undefined && known !== digest))) return 'other'
  if (chart !== undefined && revision.chart !== undefined && revision.chart !== chart) return 'other'
  const missing =
    pairs.some(({ known }) => known === undefined) || (chart !== undefined && revision.chart === undefined)
  return missing ? 'unknown' : 'same'
}
