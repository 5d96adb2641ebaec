/** Limits on one file of the config repository; whatever is beyond them is a problem of that file alone. */
export const fileCaps = {
  bytes: 5 * 1024 * 1024,
  documents: 1_000,
  depth: 64,
  /** Values reached when every alias is followed. */
  nodes: 1_000_000,
  /** UTF-16 units of text reached when every alias is followed. */
  characters: 32 * 1024 * 1024,
} as const

export type Excess = 'depth' | 'size'

/** Walks what aliases expand to, without copying it; stops as soon as a cap is passed, so a cycle ends at `depth`. */
export function findExcess(value: unknown): Excess | undefined {
  let nodes = 0
  let characters = 0
  const visit = (item: unknown, depth: number): Excess | undefined => {
    nodes += 1
    if (typeof item === 'string') characters += item.length
    if (nodes > fileCaps.nodes || characters > fileCaps.characters) return 'size'
    if (item === null || typeof item !== 'object') return undefined
    if (depth >= fileCaps.depth) return 'depth'
    for (const key of Object.keys(item)) {
      characters += key.length
      const excess = visit((item as Record<string, unknown>)[key], depth + 1)
      if (excess) return excess
    }
    return undefined
  }
  return visit(value, 0)
}
