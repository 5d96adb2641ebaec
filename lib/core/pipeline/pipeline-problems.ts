import { findCycle, pipelineGraph } from './graph.ts'
import { rulesOf } from './promotion-rules.ts'
import type { WheelhouseConfig } from './types.ts'

export interface PlacedMessage {
  /** Keys and indexes from the root of the file. */
  path: (string | number)[]
  message: string
  /** The next step. */
  suggestion?: string
}

/** What each environment of the file is called, in the order of the file, and whether it is written as a map. */
export interface ListedEnvironment {
  name: string
  map: boolean
  /** `from` is one name, not a list. */
  single: boolean
}

/** What is wrong between environments that are each well written: names used twice, sources that are none, circles. */
export function pipelineProblems(
  listed: readonly ListedEnvironment[],
  config: Pick<WheelhouseConfig, 'environments' | 'promotion'>,
): PlacedMessage[] {
  const doubles = listed.flatMap(({ name, map }, index) =>
    listed.findIndex((other) => other.name === name) < index
      ? [
          {
            path: ['environments', index, ...(map ? ['name'] : [])],
            message: `${name} is listed twice`,
            suggestion: 'Keep one of the two.',
          },
        ]
      : [],
  )
  if (doubles.length > 0) return doubles
  const names = listed.map(({ name }) => name)
  const wrong = listed.flatMap(({ name, single }, index) =>
    (rulesOf(config, name).from ?? []).flatMap((from, at): PlacedMessage[] => {
      const message = sourceProblem(name, from, names)
      const suggestion = `It can be promoted from ${names.filter((other) => other !== name).join(', ') || 'none'}.`
      const path = ['environments', index, 'from', ...(single ? [] : [at])]
      return message === undefined ? [] : [{ path, message, suggestion }]
    }),
  )
  return wrong.length > 0 ? wrong : [...cycleProblems(listed, config), ...gateProblems(listed, config)]
}

function sourceProblem(name: string, from: string, names: readonly string[]): string | undefined {
  if (from === name) return `${name} cannot be promoted from itself`
  return names.includes(from) ? undefined : `${from} is no environment of this list`
}

function cycleProblems(
  listed: readonly ListedEnvironment[],
  config: Pick<WheelhouseConfig, 'environments' | 'promotion'>,
): PlacedMessage[] {
  const cycle = findCycle(pipelineGraph(config, []).edges)
  if (!cycle) return []
  // The order alone makes no circle: some environment in it names its source.
  const culprit = listed.findIndex(({ name }) => cycle.includes(name) && rulesOf(config, name).from !== undefined)
  const start = cycle.indexOf(listed[culprit]?.name ?? '')
  const circle = [...cycle.slice(start), ...cycle.slice(0, start + 1)]
  const message = `goes round in a circle: ${circle.join(' → ')}`
  const suggestion = 'Let one of them be promoted from somewhere else, or from nowhere: from: [].'
  return [{ path: ['environments', culprit, 'from'], message, suggestion }]
}

function gateProblems(
  listed: readonly ListedEnvironment[],
  config: Pick<WheelhouseConfig, 'environments' | 'promotion'>,
): PlacedMessage[] {
  const { edges } = pipelineGraph(config, [])
  return listed.flatMap(({ name }, index): PlacedMessage[] => {
    const { gates } = rulesOf(config, name)
    if (edges.some(({ to }) => to === name)) return []
    const path = ['environments', index, 'gates']
    const message = `${name} is promoted from nowhere`
    const suggestion = 'Say with from where it is promoted from, or leave this gate out.'
    if (gates.soakMs > 0) return [{ path: [...path, 'soak'], message, suggestion }]
    return gates.health ? [{ path: [...path, 'health'], message, suggestion }] : []
  })
}
