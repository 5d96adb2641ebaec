import type { Matrix, MatrixRow } from '#lib/api/environments.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import { badness, standingOf, versionOf } from '../releases/release-state.ts'
import type { State } from '../ui/state-icon.tsx'

export type Order = 'worst' | 'name'

export function releasesOf(matrix: Matrix): Release[] {
  return [
    ...matrix.rows.flatMap((row) => row.cells.flatMap((cell) => cell.releases)),
    ...matrix.apart.flatMap((one) => one.releases),
  ]
}

/** Releases of environments that share no application with another: a row for each application there. */
export function apartRows(matrix: Matrix): MatrixRow[] {
  return matrix.apart.flatMap(({ environment, releases }) =>
    [...Map.groupBy(releases, (release) => release.application)].map(([application, same]) => ({
      application,
      cells: [{ environment: environment.name, releases: same }],
      ways: [],
    })),
  )
}

const worst = (row: MatrixRow): number =>
  Math.min(
    badness.ok,
    ...row.cells.flatMap((cell) => cell.releases).map((release) => badness[standingOf(release).state]),
  )

const words = (row: MatrixRow): string =>
  [
    row.application,
    ...row.cells
      .flatMap((cell) => cell.releases)
      .flatMap((one) => [one.name, one.namespace, one.environment, versionOf(one), standingOf(one).words]),
  ]
    .join(' ')
    .toLowerCase()

const byName = (a: MatrixRow, b: MatrixRow) => a.application.localeCompare(b.application)

/** The rows that hold every word of the filter, in order; of equally bad ones the name decides. */
export function arrangeRows(rows: readonly MatrixRow[], filter: string, order: Order): MatrixRow[] {
  const asked = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const kept = asked.length === 0 ? [...rows] : rows.filter((row) => asked.every((word) => words(row).includes(word)))
  if (order === 'name') return kept.sort(byName)
  const rank = new Map(kept.map((row) => [row, worst(row)]))
  return kept.sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0) || byName(a, b))
}

/** How many releases stand how. */
export function countStates(releases: readonly Release[]): Record<State, number> {
  const counts: Record<State, number> = { ok: 0, run: 0, wait: 0, bad: 0, held: 0, none: 0 }
  for (const release of releases) counts[standingOf(release).state] += 1
  return counts
}

/** The filter most of an environment's automated images follow: `dev-*`, or just `semver` where ranges differ. */
export function usualPolicy(releases: readonly Release[]): string | undefined {
  const counts = new Map<string, number>()
  for (const image of releases.flatMap((release) => release.images)) {
    if (!image.automated || !image.policy) continue
    const name = image.policy.startsWith('glob:') ? image.policy.slice(5) : (image.policy.split(':')[0] ?? image.policy)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** What an application is, in a few words below its name. */
export function aboutRow(row: MatrixRow): string {
  const releases = row.cells.flatMap((cell) => cell.releases)
  const first = releases[0]
  if (!first) return ''
  const images = Math.max(...releases.map((release) => release.images.length))
  const policies = Math.max(
    ...releases.map((release) => new Set(release.images.map((image) => image.policy).filter(Boolean)).size),
  )
  if (images > 1)
    return [`${images} images`, policies > 0 && `${policies} ${policies === 1 ? 'policy' : 'policies'}`]
      .filter(Boolean)
      .join(' · ')
  const versions = [...new Set(releases.map((release) => release.chart.version).filter((one) => one !== undefined))]
  const name = first.chart.name ?? first.chart.source
  return versions.length === 1 ? `${name} ${versions[0]}` : name
}
