import type { Matrix, MatrixRow } from '#lib/api/environments.ts'
import type { Release } from '#lib/api/release-schemas.ts'

/** The one release of an application in an environment; of two candidates neither is promoted. */
function onlyRelease(row: MatrixRow, environment: string): Release | undefined {
  const releases = row.cells.find((cell) => cell.environment === environment)?.releases ?? []
  return releases.length === 1 ? releases[0] : undefined
}

/** What a release is promoted to: the first environment that takes its application from there. */
export function nextRelease(row: MatrixRow, environment: string): Release | undefined {
  if (!onlyRelease(row, environment)) return undefined
  const targets = row.ways.filter(({ from }) => from === environment).map(({ to }) => onlyRelease(row, to))
  return targets.find((target) => target !== undefined)
}

export function nextInMatrix(
  matrix: Pick<Matrix, 'rows'>,
  { application, environment }: Pick<Release, 'application' | 'environment'>,
): Release | undefined {
  const row = matrix.rows.find((one) => one.application === application)
  return row && nextRelease(row, environment)
}

/** Every promotion from one environment to the next that can be asked for. */
export function promotable(matrix: Pick<Matrix, 'rows'>): { application: string; from: string; to: string }[] {
  return matrix.rows.flatMap((row) =>
    row.ways
      .filter(({ from, to }) => onlyRelease(row, from)?.desired && onlyRelease(row, to)?.desired)
      .map(({ from, to }) => ({ application: row.application, from, to })),
  )
}

/** `dev-kb9lm91e` → `kb9lm91e`; a version has no such part. */
const buildOf = (tag: string | undefined): string | undefined => /^[a-z]+-(?<build>\w+)$/.exec(tag ?? '')?.groups?.build

/** Whether two releases run other builds; undefined = their tags do not tell. */
export function isBehind(source: Release, target: Release): boolean | undefined {
  const pairs = source.images.flatMap((image) => {
    const other = target.images.find((one) => one.container === image.container)
    return other ? [[image, other] as const] : []
  })
  if (pairs.length === 0) return undefined
  const verdicts = pairs.map(([from, to]) => {
    if (from.digest && to.digest) return from.digest !== to.digest
    if (from.repository === to.repository && from.tag === to.tag) return false
    const [left, right] = [buildOf(from.tag), buildOf(to.tag)]
    return left && right ? left !== right : undefined
  })
  if (verdicts.includes(true)) return true
  return verdicts.includes(undefined) ? undefined : false
}
