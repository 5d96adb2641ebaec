import { allows } from '#lib/core/access/index.ts'
import { gatesInWords, type GateWords } from '#lib/core/gate/index.ts'
import {
  applicationEdges,
  defaultConfig,
  pipelineGraph,
  readWheelhouseYaml,
  rulesOf,
} from '#lib/core/pipeline/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { GuardFact, Store } from '#lib/ports/store/index.ts'
import { allReleases } from './all-releases.ts'
import { askSomewhere } from './caller.ts'
import type { Caller } from './caller.ts'
import { configText } from './facts.ts'
import type { ShownConfig } from './shown-config.ts'

export interface PipelineView {
  environments: { name: string; gates: GateWords[] }[]
  beside: string[]
  applications: { name: string; edges: { from: string; to: string }[] }[]
}

interface Deps {
  store: Pick<Store, 'listReleases' | 'getFact'>
  clock: Clock
  shown: ShownConfig
}

/** The pipeline as `wheelhouse.yaml` draws it, else as the names say; what the caller may not see is left out. */
export async function getPipeline(deps: Deps, caller: Caller): Promise<PipelineView> {
  askSomewhere(caller, 'promotions:read')
  const [all, written, guards] = await Promise.all([
    allReleases(deps),
    deps.store.getFact('repository-config'),
    deps.store.getFact('guards') as Promise<Partial<GuardFact> | null | undefined>,
  ])
  const config = readWheelhouseYaml(configText(written, deps.shown)).config ?? defaultConfig
  const desired = all.filter((release) => release.desired)
  const graph = pipelineGraph(
    config,
    desired.map(({ environment }) => environment),
  )
  const maySee = (environment: string) => allows(caller, 'promotions:read', environment)
  const inForce = new Map(Object.entries(guards?.environments ?? {}).map(([name, guard]) => [name, guard.accepted]))
  const gatesOf = (name: string) => inForce.get(name)?.gates ?? rulesOf(config, name).gates
  const byApplication = [...Map.groupBy(desired, ({ application }) => application)].sort(([a], [b]) =>
    a < b ? -1 : a > b ? 1 : 0,
  )
  return {
    environments: graph.environments
      .filter(maySee)
      .map((name) => ({ name, gates: gatesInWords(gatesOf(name), deps.clock.now()) })),
    beside: graph.beside.filter(maySee),
    applications: byApplication
      .filter(([, releases]) => releases.some(({ environment }) => maySee(environment)))
      .map(([name, releases]) => ({
        name,
        edges: applicationEdges(graph, new Set(releases.map(({ environment }) => environment))).filter(
          ({ from, to }) => maySee(from) && maySee(to),
        ),
      })),
  }
}
