import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml'
import { writeText } from './scalar-text.ts'
import { bytesOf, isNode, keyOf } from './yaml-node.ts'

/** Bytes to replace: UTF-16 offsets into the file's text, end exclusive. */
export interface Splice {
  start: number
  end: number
  text: string
}

/** A key to add; its value is text, or a map with one key. */
export interface NewPair {
  key: string
  value: string | NewPair
}

/** Adds a key behind another one (or behind the last), in the style of the map. Undefined where there is no place. */
export function insertPair(
  text: string,
  map: YAMLMap,
  pair: NewPair,
  options: { behind?: string; step?: string } = {},
): Splice | undefined {
  const neighbour = map.items.find((item) => keyOf(item) === options.behind) ?? map.items.at(-1)
  if (map.flow) return insertInFlow(text, map, pair, neighbour)
  return neighbour && insertLines(text, neighbour, (indent) => renderBlock(pair, indent, options.step ?? '  '))
}

/** Fills a key that has no value, `annotations:`, with a map of one key. */
export function fillEmpty(text: string, owner: Pair, pair: NewPair, inFlow: boolean, step: string): Splice {
  if (inFlow) return insertAt(endOfPair(text, owner), ` {${renderFlow(pair, isQuoted(text, owner))}}`)
  return insertLines(text, owner, (indent) => renderBlock(pair, indent + step, step))
}

/** Removes a key with its value: whole lines in a block map, with the comma in a flow map. */
export function removePair(text: string, map: YAMLMap, pair: Pair): Splice | undefined {
  const start = startOfPair(pair)
  const end = endOfPair(text, pair)
  if (!map.flow) {
    const line = lineStart(text, start)
    return text.slice(line, start).trim() === '' ? { start: line, end: lineEnd(text, end), text: '' } : undefined
  }
  const index = map.items.indexOf(pair)
  const next = map.items[index + 1]
  const previous = map.items[index - 1]
  if (next) return { start, end: startOfPair(next), text: '' }
  if (previous) return { start: endOfPair(text, previous), end, text: '' }
  const [from, to] = bytesOf(map)
  return { start: from + 1, end: to - 1, text: '' }
}

/** Where the value of a key without one belongs: right behind the colon. */
export function behindColon(text: string, pair: Pair): number {
  const key = isNode(pair.key) ? bytesOf(pair.key)[1] : 0
  return text.indexOf(':', key) + 1
}

/** Offset of the first character of the line's indentation that `pair` has in a block map, as a count of columns. */
export function columnOf(text: string, pair: Pair): number {
  const start = startOfPair(pair)
  return start - lineStart(text, start)
}

export function applySplices(text: string, splices: readonly Splice[]): string {
  const backwards = [...splices].sort((a, b) => b.start - a.start)
  return backwards.reduce(
    (edited, splice) => edited.slice(0, splice.start) + splice.text + edited.slice(splice.end),
    text,
  )
}

function insertInFlow(text: string, map: YAMLMap, pair: NewPair, neighbour: Pair | undefined): Splice {
  if (!neighbour) {
    const brace = bytesOf(map)[0] + 1
    return insertAt(brace, renderFlow(pair, false))
  }
  const start = startOfPair(neighbour)
  const indent = text.slice(lineStart(text, start), start)
  const separator = indent !== '' && indent.trim() === '' ? `,${eolOf(text)}${indent}` : ', '
  return insertAt(endOfPair(text, neighbour), separator + renderFlow(pair, isQuoted(text, neighbour)))
}

function insertLines(text: string, neighbour: Pair, render: (indent: string) => string[]): Splice {
  const eol = eolOf(text)
  const lines = render(' '.repeat(columnOf(text, neighbour))).join(eol)
  const at = lineEnd(text, endOfPair(text, neighbour))
  const unterminated = at === text.length && !text.endsWith('\n')
  return insertAt(at, unterminated ? eol + lines : lines + eol)
}

function insertAt(at: number, text: string): Splice {
  return { start: at, end: at, text }
}

function renderBlock(pair: NewPair, indent: string, step: string): string[] {
  const key = writeText(pair.key, 'plain', false)
  if (typeof pair.value === 'string') return [`${indent}${key}: ${writeText(pair.value, 'plain', false)}`]
  return [`${indent}${key}:`, ...renderBlock(pair.value, indent + step, step)]
}

/** `json`: the neighbours have quotes, as in JSON, so the new key has them too. */
function renderFlow(pair: NewPair, json: boolean): string {
  const quotes = json ? 'double' : 'plain'
  const value =
    typeof pair.value === 'string' ? writeText(pair.value, quotes, true) : `{${renderFlow(pair.value, json)}}`
  return `${writeText(pair.key, quotes, true)}: ${value}`
}

function isQuoted(text: string, pair: Pair): boolean {
  return text[startOfPair(pair)] === '"'
}

function startOfPair(pair: Pair): number {
  return isNode(pair.key) ? bytesOf(pair.key)[0] : 0
}

/** End of the last byte of the pair's value, comments excluded; a block scalar ends behind its line break. */
function endOfPair(text: string, pair: Pair): number {
  const { value } = pair
  if (!isNode(value) || isEmptyScalar(value)) return behindColon(text, pair)
  return endOfNode(text, value)
}

function endOfNode(text: string, node: Node): number {
  if (isMap(node) && !node.flow) {
    const last = node.items.at(-1)
    if (last) return endOfPair(text, last)
  }
  if (isSeq(node) && !node.flow) {
    const last = node.items.at(-1)
    if (isNode(last)) return endOfNode(text, last)
  }
  return bytesOf(node)[1]
}

export function isEmptyScalar(node: Node): boolean {
  const [start, end] = bytesOf(node)
  return isScalar(node) && node.value === null && start === end
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}

/** Just behind the line break that ends the line of `at`; `at` itself where a block scalar has already taken it. */
function lineEnd(text: string, at: number): number {
  if (at > 0 && text[at - 1] === '\n') return at
  const newline = text.indexOf('\n', at)
  return newline < 0 ? text.length : newline + 1
}

function eolOf(text: string): string {
  const newline = text.indexOf('\n')
  return newline > 0 && text[newline - 1] === '\r' ? '\r\n' : '\n'
}
