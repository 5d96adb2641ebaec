import type { Matrix } from '#lib/api/environments.ts'
import type { Pipeline, PipelineGate } from '#lib/api/pipeline.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import { releasesOf } from '../environments/matrix-rows.ts'
import { arrangePipeline, type PipelineLayout, type PlacedEdge } from './arrange-pipeline.ts'

/** An environment on the way of an application. */
export interface Stop {
  environment: string
  column: number
  /** Middle, in rows from the top. */
  at: number
  gates: PipelineGate[]
  /** Several = candidates that are kept apart: none of them is promoted. */
  releases: Release[]
  /** Edges that lead to it. */
  incoming: PlacedEdge[]
}

export interface ApplicationPipeline extends Pick<PipelineLayout, 'columns' | 'rows'> {
  application: string
  /** In the order of the pipeline. */
  stops: Stop[]
  /** What runs where nothing is promoted from or to. */
  beside: Release[]
}

/** The pipeline of one application: the environments that have it, and the edges between them. */
export function applicationPipeline(
  application: string,
  pipeline: Pick<Pipeline, 'environments'>,
  matrix: Matrix,
): ApplicationPipeline {
  const own = releasesOf(matrix).filter((release) => release.application === application && release.desired)
  const has = (name: string) => own.some(({ environment }) => environment === name)
  const known = pipeline.environments.filter(({ name }) => has(name))
  const ways = matrix.rows.find((row) => row.application === application)?.ways ?? []
  const layout = arrangePipeline(
    known.map(({ name }) => name),
    ways,
  )
  const placed = new Map(layout.environments.map((one) => [one.name, one]))
  return {
    application,
    columns: layout.columns,
    rows: layout.rows,
    stops: known.map(({ name, gates }) => ({
      environment: name,
      column: placed.get(name)?.column ?? 0,
      at: placed.get(name)?.at ?? 0,
      gates,
      releases: own.filter(({ environment }) => environment === name),
      incoming: layout.edges.filter(({ to }) => to === name),
    })),
    beside: own.filter(({ environment }) => !known.some(({ name }) => name === environment)),
  }
}
