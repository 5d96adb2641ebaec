import type { GuardedEnvironment } from '../gate/types.ts'
import { orderEnvironments, stageOf } from './environments.ts'
import { rulesOf } from './promotion-rules.ts'
import type { WheelhouseConfig } from './types.ts'

export interface PipelineEdge {
  from: string
  to: string
  /** `wheelhouse.yaml` names it; otherwise it follows from the order. */
  written: boolean
}

export interface PipelineGraph {
  /** In order, sources before what is promoted from them where the order is inferred. */
  environments: string[]
  edges: PipelineEdge[]
  /** Environments that are there and that nothing is promoted from or to. */
  beside: string[]
}

type Rules = Pick<WheelhouseConfig, 'environments' | 'promotion'>

/**
 * Which environment is promoted from where: as `wheelhouse.yaml` lists them, each from the one to its left unless it says
 * otherwise; without a list, the known stages dev, test, stg, prod. Any other environment stands beside (design.md).
 */
export function pipelineGraph(config: Rules, present: readonly string[]): PipelineGraph {
  const listed = config.environments.length > 0
  const environments = listed
    ? config.environments
    : orderEnvironments(present).filter((name) => stageOf(name) !== undefined)
  const edges = environments.flatMap((to, index): PipelineEdge[] => {
    const written = rulesOf(config, to).from
    if (written) return written.map((from) => ({ from, to, written: true }))
    const left = listed ? environments.slice(0, index).slice(-1) : stageBefore(environments, to)
    return left.map((from) => ({ from, to, written: false }))
  })
  const beside = orderEnvironments(present).filter((name) => !environments.includes(name))
  return { environments: [...environments], edges, beside }
}

/**
 * Where an application is promoted from, given the environments it is in. Where `wheelhouse.yaml` names the sources, from
 * these alone; else an environment that lacks the application is passed over, to those it is promoted from itself.
 */
export function sourcesOf(graph: PipelineGraph, to: string, has: ReadonlySet<string>): string[] {
  const found = new Set<string>()
  const seen = new Set([to])
  const visit = (environment: string): void => {
    const edges = graph.edges.filter((edge) => edge.to === environment && !seen.has(edge.from))
    const direct = edges.filter(({ from }) => has.has(from))
    for (const { from } of direct) found.add(from)
    if (direct.length > 0) return
    for (const { from } of edges.filter(({ written }) => !written)) {
      seen.add(from)
      visit(from)
    }
  }
  visit(to)
  return graph.environments.filter((name) => found.has(name))
}

/** What stands before an environment for what is in the environments `has`: its gates, and where it is promoted from. */
export function guardOf(config: Rules, environment: string, has: ReadonlySet<string>): GuardedEnvironment {
  const sources = sourcesOf(pipelineGraph(config, [...has]), environment, has)
  return { sources, gates: rulesOf(config, environment).gates }
}

/** Edges of one application, for its picture and its arrows in the matrix. */
export function applicationEdges(graph: PipelineGraph, has: ReadonlySet<string>): { from: string; to: string }[] {
  return graph.environments
    .filter((to) => has.has(to))
    .flatMap((to) => sourcesOf(graph, to, has).map((from) => ({ from, to })))
}

/** The environments of a cycle, in the direction of promotion; nothing where there is none. */
export function findCycle(edges: readonly { from: string; to: string }[]): string[] | undefined {
  const done = new Set<string>()
  const visit = (name: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(name)) return way.slice(way.indexOf(name))
    if (done.has(name)) return undefined
    done.add(name)
    for (const { to } of edges.filter(({ from }) => from === name)) {
      const cycle = visit(to, [...way, name])
      if (cycle) return cycle
    }
    return undefined
  }
  for (const { from } of edges) {
    const cycle = visit(from, [])
    if (cycle) return cycle
  }
  return undefined
}

/** All environments of the nearest stage to the left: two spellings of one stage stand beside each other. */
function stageBefore(environments: readonly string[], name: string): string[] {
  const own = stageOf(name) ?? 0
  const before = environments.flatMap((other) => stageOf(other) ?? []).filter((stage) => stage < own)
  const nearest = Math.max(...before)
  return environments.filter((other) => stageOf(other) === nearest)
}
