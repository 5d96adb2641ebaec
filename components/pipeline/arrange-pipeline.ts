interface Edge {
  from: string
  to: string
}

export interface PlacedEnvironment {
  name: string
  /** 0 = the leftmost. */
  column: number
  /** Middle, in rows from the top. */
  at: number
}

/** A piece of an edge: through the gap right of a column, or through a column that it passes. */
export interface Stretch {
  through: 'gap' | 'column'
  column: number
  /** Rows from the top, at its left end and its right end. */
  start: number
  end: number
}

export interface PlacedEdge extends Edge {
  /** From left to right; the last one leads into the target. */
  stretches: Stretch[]
  /** Where words stand on the last stretch, as a share of its way: off the middle where another edge crosses there. */
  wordsAt: number
}

export interface PipelineLayout {
  columns: number
  rows: number
  environments: PlacedEnvironment[]
  /** Without those that lead back, which a cycle has. */
  edges: PlacedEdge[]
}

/** A place in a column: an environment, or the lane of an edge that passes by. */
type Slot = { environment: string } | { lane: Edge }

/**
 * Environments in columns by the longest way to them, so that each edge leads to the right. Within a column they stand near
 * what they come from, and every column is centred.
 */
export function arrangePipeline(environments: readonly string[], edges: readonly Edge[]): PipelineLayout {
  const known = edges.filter(({ from, to }) => environments.includes(from) && environments.includes(to))
  const depths = new Map(environments.map((name) => [name, depthOf(name, known, [])]))
  const depth = (name: string): number => depths.get(name) ?? 0
  const forward = known.filter(({ from, to }) => depth(from) < depth(to))
  const columns = Math.max(0, ...environments.map((name) => depth(name) + 1))
  const slots = Array.from({ length: columns }, (_, column): Slot[] => [
    ...environments.filter((name) => depth(name) === column).map((environment) => ({ environment })),
    ...forward.filter(({ from, to }) => depth(from) < column && column < depth(to)).map((lane) => ({ lane })),
  ])
  for (const [column, own] of slots.entries()) slots[column] = nearSources(own, slots[column - 1] ?? [], forward)
  const rows = Math.max(0, ...slots.map((own) => own.length))
  const middleOf = (column: number, wanted: (slot: Slot) => boolean): number => {
    const own = slots[column] ?? []
    return (rows - own.length) / 2 + own.findIndex(wanted) + 0.5
  }
  const placeOf = (name: string) => middleOf(depth(name), (slot) => 'environment' in slot && slot.environment === name)
  return {
    columns,
    rows,
    environments: environments.map((name) => ({ name, column: depth(name), at: placeOf(name) })),
    edges: withWords(
      forward.map((edge) => {
        const laneOf = (column: number) => middleOf(column, (slot) => 'lane' in slot && slot.lane === edge)
        return { ...edge, stretches: stretchesOf(depth(edge.from), depth(edge.to), placeOf, laneOf, edge) }
      }),
    ),
  }
}

function withWords(edges: readonly Omit<PlacedEdge, 'wordsAt'>[]): PlacedEdge[] {
  return edges.map((edge) => {
    const own = edge.stretches.at(-1)
    const crossed = edges.some((other) => {
      const last = other.stretches.at(-1)
      if (other === edge || !own || !last || last.column !== own.column) return false
      return Math.abs(own.start + own.end - last.start - last.end) < 0.5
    })
    return { ...edge, wordsAt: crossed ? 0.3 : 0.5 }
  })
}

/** Edges on the longest way to an environment; one that closes a cycle does not count. */
function depthOf(name: string, edges: readonly Edge[], way: readonly string[]): number {
  const sources = edges.filter(({ from, to }) => to === name && from !== name && !way.includes(from))
  return Math.max(0, ...sources.map(({ from }) => depthOf(from, edges, [...way, name]) + 1))
}

function nearSources(own: readonly Slot[], before: readonly Slot[], edges: readonly Edge[]): Slot[] {
  const rowOf = (slot: Slot): number => {
    const rows = before.flatMap((source, row) => (leadsTo(source, slot, edges) ? [row] : []))
    return rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + row, 0) / rows.length
  }
  return own.toSorted((a, b) => rowOf(a) - rowOf(b))
}

function leadsTo(source: Slot, target: Slot, edges: readonly Edge[]): boolean {
  if ('lane' in target) return 'lane' in source ? source.lane === target.lane : source.environment === target.lane.from
  if ('lane' in source) return source.lane.to === target.environment
  return edges.some(({ from, to }) => from === source.environment && to === target.environment)
}

function stretchesOf(
  first: number,
  last: number,
  placeOf: (name: string) => number,
  laneOf: (column: number) => number,
  { from, to }: Edge,
): Stretch[] {
  const heights = Array.from({ length: last - first + 1 }, (_, step) =>
    step === 0 ? placeOf(from) : step === last - first ? placeOf(to) : laneOf(first + step),
  )
  return heights.slice(0, -1).flatMap((start, step): Stretch[] => {
    const gap: Stretch = { through: 'gap', column: first + step, start, end: heights[step + 1] ?? start }
    return step === 0 ? [gap] : [{ through: 'column', column: first + step, start, end: start }, gap]
  })
}
