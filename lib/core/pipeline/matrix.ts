import { orderEnvironments } from './environments.ts'

export interface MatrixEntry {
  /** Release id. */
  id: string
  application: string
  environment: string
}

export interface Matrix {
  /** Columns. */
  environments: string[]
  /** By name; two releases of one application in one environment stay separate in their cell. */
  rows: { application: string; cells: Record<string, string[]> }[]
  /** Environments that share no application with another one, such as `adm`. */
  below: { environment: string; ids: string[] }[]
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function sharing(entries: readonly MatrixEntry[]): Set<string> {
  const shared = new Set<string>()
  for (const same of Map.groupBy(entries, ({ application }) => application).values()) {
    const environments = new Set(same.map(({ environment }) => environment))
    if (environments.size > 1) for (const environment of environments) shared.add(environment)
  }
  return shared
}

/** Applications × environments; `order` as `wheelhouse.yaml` has it, whose environments are always columns. */
export function buildMatrix(entries: readonly MatrixEntry[], order: readonly string[] = []): Matrix {
  const names = orderEnvironments(
    entries.map(({ environment }) => environment),
    order,
  )
  const shared = sharing(entries)
  // Where nothing is shared at all there is no "below": a repository with one environment has one column.
  const isColumn = (name: string): boolean => shared.size === 0 || shared.has(name) || order.includes(name)
  const rows = [
    ...Map.groupBy(
      entries.filter(({ environment }) => isColumn(environment)),
      (entry) => entry.application,
    ),
  ]
    .sort(([a], [b]) => byText(a, b))
    .map(([application, same]) => ({
      application,
      cells: Object.fromEntries(
        [...Map.groupBy(same, ({ environment }) => environment)].map(([name, cell]) => [
          name,
          cell.map(({ id }) => id).sort(),
        ]),
      ),
    }))
  const below = names
    .filter((name) => !isColumn(name))
    .map((environment) => ({
      environment,
      ids: entries
        .filter((entry) => entry.environment === environment)
        .map(({ id }) => id)
        .sort(),
    }))
  return { environments: names.filter(isColumn), rows, below }
}
