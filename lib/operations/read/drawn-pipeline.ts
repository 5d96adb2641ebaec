import {
  applicationEdges,
  defaultConfig,
  pipelineGraph,
  readWheelhouseYaml,
  type PipelineGraph,
  type WheelhouseConfig,
} from '#lib/core/pipeline/index.ts'
import type { ReleaseRecord } from '#lib/ports/store/index.ts'
import { configText } from './facts.ts'
import type { ShownConfig } from './shown-config.ts'

export interface DrawnPipeline {
  config: WheelhouseConfig
  graph: PipelineGraph
  /** Promotions of an application from one environment to the next, past those that lack it. */
  edgesOf(application: string): { from: string; to: string }[]
}

/** The pipeline as `wheelhouse.yaml` draws it (fact `repository-config`), else as the environments' names say. */
export function drawnPipeline(
  fact: unknown,
  shown: Pick<ShownConfig, 'repository' | 'branch'>,
  releases: readonly Pick<ReleaseRecord, 'application' | 'environment' | 'desired'>[],
): DrawnPipeline {
  const config = readWheelhouseYaml(configText(fact, shown)).config ?? defaultConfig
  const has = new Map<string, Set<string>>()
  for (const { application, environment, desired } of releases) {
    if (!desired) continue
    const known = has.get(application)
    if (known) known.add(environment)
    else has.set(application, new Set([environment]))
  }
  const graph = pipelineGraph(config, [...new Set([...has.values()].flatMap((names) => [...names]))])
  return { config, graph, edgesOf: (application) => applicationEdges(graph, has.get(application) ?? new Set()) }
}
