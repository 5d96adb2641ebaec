import { allows } from '#lib/core/access/index.ts'
import { gatesInWords, type GateWords } from '#lib/core/gate/index.ts'
import { rulesOf } from '#lib/core/pipeline/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { allReleases } from './all-releases.ts'
import { askSomewhere } from './caller.ts'
import type { Caller } from './caller.ts'
import { drawnPipeline } from './drawn-pipeline.ts'
import { guardsFact } from './facts.ts'
import type { ShownConfig } from './shown-config.ts'

export interface PipelineView {
  environments: { name: string; gates: GateWords[] }[]
  edges: { from: string; to: string }[]
  beside: string[]
}

interface Deps {
  store: Pick<Store, 'listReleases' | 'getFact'>
  clock: Clock
  shown: ShownConfig
}

/** Which environment is promoted from where, and the gates in force; what the caller may not see is left out. */
export async function getPipeline(deps: Deps, caller: Caller): Promise<PipelineView> {
  askSomewhere(caller, 'promotions:read')
  const [releases, written, guards] = await Promise.all([
    allReleases(deps),
    deps.store.getFact('repository-config'),
    deps.store.getFact('guards'),
  ])
  const { config, graph } = drawnPipeline(written, deps.shown, releases)
  const maySee = (environment: string) => allows(caller, 'promotions:read', environment)
  // What a commit would loosen is held: the gates in force are the accepted ones.
  const inForce = new Map(Object.entries(guardsFact(guards, deps.shown)).map(([name, guard]) => [name, guard.accepted]))
  const gatesOf = (name: string) => (inForce.get(name) ?? rulesOf(config, name)).gates
  return {
    environments: graph.environments
      .filter(maySee)
      .map((name) => ({ name, gates: gatesInWords(gatesOf(name), deps.clock.now()) })),
    edges: graph.edges.filter(({ from, to }) => maySee(from) && maySee(to)),
    beside: graph.beside.filter(maySee),
  }
}
