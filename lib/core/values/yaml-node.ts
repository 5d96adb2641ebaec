import { isAlias, isMap, isScalar, isSeq, visit, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml'

/** Keys and indexes from the root of an object. */
export type Path = readonly (string | number)[]

/** A file's text with what is needed to follow the aliases of one of its objects. */
export interface YamlSource {
  text: string
  anchored: (name: string, before: number) => Node | undefined
}

export interface Entry {
  key: string
  pair: Pair
  /** Null where nothing is written. */
  value: Node | null
  /** Reached through an alias or a merge key: these bytes belong to another place too. */
  shared: boolean
}

/** Node of the source with its shared state; aliases are followed. */
export interface Resolved {
  node: Node | null
  shared: boolean
}

const maxMergeDepth = 16

/** `root` is where anchors are looked for. */
export function yamlSource(text: string, root: Node): YamlSource {
  let anchors: { name: string; node: Node; at: number }[] | undefined
  return {
    text,
    anchored: (name, before) => {
      anchors ??= collectAnchors(root)
      return anchors.findLast((anchor) => anchor.name === name && anchor.at < before)?.node
    },
  }
}

export function resolve(source: YamlSource, value: unknown): Resolved {
  if (!isNode(value)) return { node: null, shared: false }
  if (!isAlias(value)) return { node: value, shared: false }
  return { node: source.anchored(value.source, value.range?.[0] ?? 0) ?? null, shared: true }
}

/** Keys of a map with merge keys applied: what is written in the map itself wins, then earlier merges. */
export function entries(source: YamlSource, map: YAMLMap, depth = 0): Entry[] {
  const own: Entry[] = []
  const merged: Entry[] = []
  for (const pair of map.items) {
    const value = resolve(source, pair.value)
    if (!isMergeKey(pair)) own.push({ key: keyOf(pair), pair, value: value.node, shared: value.shared })
    else if (depth < maxMergeDepth) merged.push(...mergedEntries(source, value.node, depth + 1))
  }
  if (merged.length === 0) return own
  const seen = new Set(own.map((entry) => entry.key))
  for (const entry of merged) {
    if (seen.has(entry.key)) continue
    seen.add(entry.key)
    own.push({ ...entry, shared: true })
  }
  return own
}

export function entryOf(source: YamlSource, map: YAMLMap, key: string): Entry | undefined {
  return entries(source, map).find((entry) => entry.key === key)
}

/** The node at a path, null where something on the way is missing. */
export function nodeAt(source: YamlSource, root: Node | null, path: Path): Resolved & { pair?: Pair } {
  let at: Resolved & { pair?: Pair } = { node: root, shared: false }
  for (const step of path) {
    const { node, shared } = at
    if (isMap(node)) {
      const entry = entryOf(source, node, String(step))
      if (!entry) return { node: null, shared }
      at = { node: entry.value, shared: shared || entry.shared, pair: entry.pair }
    } else if (isSeq(node) && typeof step === 'number') {
      const item = resolve(source, node.items[step])
      at = { node: item.node, shared: shared || item.shared }
    } else {
      return { node: null, shared }
    }
  }
  return at
}

/**
 * A scalar as the text that stands in the source: `1.20` stays `1.20`. Undefined for null and for what is no scalar;
 * quoted and block scalars give their value.
 */
export function scalarText(source: YamlSource, node: Node | null): string | undefined {
  if (!isScalar(node)) return undefined
  if (typeof node.value === 'string') return node.value
  if (node.value === null || node.value === undefined) return undefined
  return node.range ? source.text.slice(node.range[0], node.range[1]) : String(node.value)
}

export function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key)
}

export function isNode(value: unknown): value is Node {
  return isAlias(value) || isMap(value) || isScalar(value) || isSeq(value)
}

/** Offsets of the scalar's own bytes, without anchor, tag or comment. */
export function bytesOf(node: Node | Scalar): readonly [start: number, end: number] {
  const range = node.range ?? [0, 0, 0]
  return [range[0], range[1]]
}

function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && (typeof key.value === 'symbol' || (key.value === '<<' && key.type === 'PLAIN'))
}

function mergedEntries(source: YamlSource, node: Node | null, depth: number): Entry[] {
  if (isMap(node)) return entries(source, node, depth)
  if (!isSeq(node)) return []
  return node.items.flatMap((item) => {
    const map = resolve(source, item).node
    return isMap(map) ? entries(source, map, depth) : []
  })
}

function collectAnchors(root: Node): { name: string; node: Node; at: number }[] {
  const found: { name: string; node: Node; at: number }[] = []
  visit(root, {
    Value: (_key, node) => {
      if (node.anchor !== undefined) found.push({ name: node.anchor, node, at: bytesOf(node)[0] })
    },
  })
  return found
}
