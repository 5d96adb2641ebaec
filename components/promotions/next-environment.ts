import type { Matrix, MatrixRow } from '#lib/api/environments.ts'
import type { Release } from '#lib/api/release-schemas.ts'

/** The environment that a release is promoted to: the next to the right that has its application, in the matrix's order. */
export function nextRelease(row: MatrixRow, environment: string): Release | undefined {
  const at = row.cells.findIndex((cell) => cell.environment === environment)
  if (at < 0 || row.cells[at]?.releases.length !== 1) return undefined
  const next = row.cells.slice(at + 1).find((cell) => cell.releases.length > 0)
  return next?.releases.length === 1 ? next.releases[0] : undefined
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
    row.cells.flatMap(({ environment, releases }) => {
      const target = nextRelease(row, environment)
      return releases[0]?.desired && target?.desired
        ? [{ application: row.application, from: environment, to: target.environment }]
        : []
    }),
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
