import type { Mode } from '#lib/core/release/types.ts'
import type { ReleaseRecord } from '#lib/ports/store/index.ts'

export interface EnvironmentView {
  name: string
  mode: Mode
  releases: number
}

export interface Matrix {
  environments: EnvironmentView[]
  rows: { application: string; cells: { environment: string; releases: ReleaseRecord[] }[] }[]
  apart: { environment: EnvironmentView; releases: ReleaseRecord[] }[]
}

const usualOrder = ['dev', 'test', 'stg', 'prod']

/**
 * Applications by environment in the usual order dev, test, stg, prod, then the rest by name. An environment whose
 * applications are nowhere else (such as `adm`) stands apart, unless every environment does.
 */
export function buildMatrix(releases: readonly ReleaseRecord[], modeOf: (environment: string) => Mode): Matrix {
  const environments = Map.groupBy(releases, (release) => release.environment)
  const applications = Map.groupBy(releases, (release) => release.application)
  const places = (application: string) => new Set(applications.get(application)?.map((release) => release.environment))
  const view = (name: string): EnvironmentView => ({
    name,
    mode: modeOf(name),
    releases: environments.get(name)?.length ?? 0,
  })
  const ordered = [...environments.keys()].sort(byUsualOrder)
  const shares = (environment: string) =>
    environments.get(environment)?.some((release) => places(release.application).size > 1) ?? false
  const shared = ordered.filter(shares)
  const columns = shared.length > 0 ? shared : ordered
  return {
    environments: columns.map(view),
    rows: [...applications.keys()]
      .filter((application) => columns.some((column) => places(application).has(column)))
      .sort()
      .map((application) => ({
        application,
        cells: columns.map((environment) => ({
          environment,
          releases: (applications.get(application) ?? []).filter((release) => release.environment === environment),
        })),
      })),
    apart: ordered
      .filter((environment) => !columns.includes(environment))
      .map((environment) => ({ environment: view(environment), releases: environments.get(environment) ?? [] })),
  }
}

function byUsualOrder(a: string, b: string): number {
  const rank = (name: string) => (usualOrder.includes(name) ? usualOrder.indexOf(name) : usualOrder.length)
  return rank(a) - rank(b) || (a < b ? -1 : 1)
}
