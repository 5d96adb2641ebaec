import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml'
import { behindColon, isEmptyScalar, type Splice } from './map-edit.ts'
import { quotesOf, writeBlock, writeLiteral, writeText } from './scalar-text.ts'
import { bytesOf, nodeAt, scalarText, type Path, type YamlSource } from './yaml-node.ts'

/** A scalar's new bytes and the value they have to read as; no splice where they stand there already. */
export interface ScalarEdit {
  splice?: Splice
  value: unknown
}

/**
 * New text for a scalar in the quotes it has. `keepLiteral` leaves a number or truth value one, where the text is one of
 * its kind. Undefined where the node is no scalar or cannot hold the text in its style.
 */
export function editScalar(
  source: YamlSource,
  node: Node,
  pair: Pair | undefined,
  text: string,
  options: { inFlow: boolean; keepLiteral: boolean },
): ScalarEdit | undefined {
  if (!isScalar(node)) return undefined
  if (scalarText(source, node) === text) return { value: node.value }
  if (isEmptyScalar(node)) {
    if (!pair) return undefined
    const at = behindColon(source.text, pair)
    return { value: text, splice: { start: at, end: at, text: ` ${writeText(text, 'plain', options.inFlow)}` } }
  }
  const [start, end] = bytesOf(node)
  if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') {
    const block = writeBlock(source.text.slice(start, end), text)
    return { value: text, splice: { start, end, text: block } }
  }
  const literal = options.keepLiteral ? writeLiteral(node, text) : undefined
  if (literal !== undefined) return { value: JSON.parse(literal) as unknown, splice: { start, end, text: literal } }
  return { value: text, splice: { start, end, text: writeText(text, quotesOf(node), options.inFlow) } }
}

/** Whether anything on the way to a path is written in braces or brackets, where commas and braces end plain text. */
export function isInFlow(source: YamlSource, root: Node, path: Path): boolean {
  return path.some((_step, index) => {
    const { node } = nodeAt(source, root, path.slice(0, index))
    return (isMap(node) || isSeq(node)) && node.flow === true
  })
}
