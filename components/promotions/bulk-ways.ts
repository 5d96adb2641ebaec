import type { Matrix } from '#lib/api/environments.ts'
import { isBehind, promotable } from './next-environment.ts'

export interface BulkWay {
  from: string
  to: string
  /** Those whose target lacks what the source runs; `behind` undefined = by how much is not known. */
  applications: { name: string; behind?: number }[]
}

/** From where to where several applications could be promoted now, those with the most first. */
export function bulkWays(matrix: Pick<Matrix, 'rows'>): BulkWay[] {
  const ways = new Map<string, BulkWay>()
  for (const { application, from, to } of promotable(matrix)) {
    const row = matrix.rows.find((one) => one.application === application)
    const at = (environment: string) => row?.cells.find((cell) => cell.environment === environment)?.releases[0]
    const [source, target] = [at(from), at(to)]
    if (!source || !target) continue
    const behind = target.behind
    if (!(behind === undefined ? isBehind(source, target) : behind > 0)) continue
    const way = ways.get(`${from} ${to}`) ?? { from, to, applications: [] }
    way.applications.push(behind === undefined ? { name: application } : { name: application, behind })
    ways.set(`${from} ${to}`, way)
  }
  return [...ways.values()].toSorted((a, b) => b.applications.length - a.applications.length)
}
