import { gatesInWords } from '#lib/core/gate/index.ts'
import { loosenedBy, pipelineGraph, readWheelhouseYaml, rulesOf } from '#lib/core/pipeline/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { allReleases } from './all-releases.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'
import { guardsFact } from './facts.ts'
import type { PipelineView } from './get-pipeline.ts'
import type { ShownConfig } from './shown-config.ts'

export interface PipelineChecked {
  problems: Problem[]
  pipeline?: PipelineView
  loosens: { environment: string; what: string[] }[]
}

interface Deps {
  store: Pick<Store, 'listReleases' | 'getFact'>
  clock: Clock
  shown: ShownConfig
}

/** What a `wheelhouse.yaml` would mean, were it committed now. Throws `forbidden` for who may not see each environment. */
export async function checkPipeline(deps: Deps, caller: Caller, text: string): Promise<PipelineChecked> {
  ask(caller, 'promotions:read')
  const { config, problems } = readWheelhouseYaml(text)
  if (!config) return { problems, loosens: [] }
  const [releases, fact] = await Promise.all([allReleases(deps), deps.store.getFact('guards')])
  const present = releases.filter(({ desired }) => desired).map(({ environment }) => environment)
  const graph = pipelineGraph(config, present)
  const accepted = new Map(Object.entries(guardsFact(fact, deps.shown)).map(([name, guard]) => [name, guard.accepted]))
  const known = new Set(releases.map(({ environment }) => environment))
  const now = deps.clock.now()
  return {
    problems,
    pipeline: {
      environments: graph.environments.map((name) => ({ name, gates: gatesInWords(rulesOf(config, name).gates, now) })),
      edges: graph.edges,
      beside: graph.beside,
    },
    loosens: loosenedBy(config, accepted, known, now).map(({ environment, loosened }) => ({
      environment,
      what: loosened.map(({ what }) => what),
    })),
  }
}
