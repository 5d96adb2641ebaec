import { isMap, isNode, isSeq, stringify, type Node, type Pair, type YAMLMap } from 'yaml'
import { canonicalDigest } from '../audit/index.ts'
import { parseManifestNodes, type ManifestDocument } from '../manifest/index.ts'
import type { Problem } from '../problem/index.ts'
import type { DocumentTarget, EditedDocument } from './types.ts'

/** One object of a file: its document, the pair that is its `spec`, and the lines that pair takes. */
interface SpecPlace {
  documents: readonly ManifestDocument[]
  document: ManifestDocument
  map: YAMLMap
  pair: Pair
}

/**
 * The file with this object's `spec` as `earlier` has it, byte for byte, and everything else of the file untouched. Lines
 * move as a block to where they stand now; where their form does not fit there (an anchor of another place, braces), the
 * same spec is written anew without its comments. The outcome is read again and must be exactly that.
 */
export function restoreSpec(
  text: string,
  target: DocumentTarget,
  earlier: { text: string; id?: string },
): EditedDocument {
  const current = findSpec(text, target.id, target.path)
  if (!current.ok) return current
  const before = findSpec(earlier.text, earlier.id ?? target.id, target.path)
  if (!before.ok) return before
  const wanted = before.place.document.object.spec
  const forms = [blockAs(text, current.place, earlier.text, before.place), rewritten(text, current.place, wanted)]
  for (const form of forms) {
    if (form !== undefined && isExactly(form, current.place, wanted, target)) return { ok: true, text: form }
  }
  const message = `The spec of ${target.id} cannot be put back in the form in which its file is written.`
  return { ok: false, problem: problem('restore-not-exact', message, target, 'Write it as a plain YAML document.') }
}

function findSpec(
  text: string,
  id: string,
  path: string,
): { ok: true; place: SpecPlace } | { ok: false; problem: Problem } {
  const { nodes, documents, problems } = parseManifestNodes({ path, text, blob: '' })
  const map = nodes.get(id)
  const document = documents.find((candidate) => candidate.id === id)
  if (!document || !isMap(map)) {
    const because = problems.find(({ subject }) => subject === id) ?? problems[0]
    return { ok: false, problem: because ?? problem('document-missing', `${id} is not in ${path}.`, { id, path }) }
  }
  const pair = map.items.find(({ key }) => String(key) === 'spec')
  if (!pair || !isMap(pair.value)) {
    return { ok: false, problem: problem('spec-missing', `${id} has no spec of its own to put back.`, { id, path }) }
  }
  return { ok: true, place: { documents, document, map, pair } }
}

/** The earlier lines in the place of the present ones; nothing where one of them does not stand on lines of its own. */
function blockAs(text: string, current: SpecPlace, earlierText: string, earlier: SpecPlace): string | undefined {
  const now = linesOf(text, current)
  const then = linesOf(earlierText, earlier)
  if (!now || !then) return undefined
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const lines = earlierText.slice(then.start, then.end).split(/\r?\n/)
  const moved = lines.map((line) => moveLine(line, now.column - then.column))
  if (moved.includes(undefined)) return undefined
  const block = moved.join(eol)
  const ended = now.end < text.length && !block.endsWith('\n') ? `${block}${eol}` : block
  return text.slice(0, now.start) + ended + text.slice(now.end)
}

/** The spec written anew: lines of YAML in a block, JSON within braces. */
function rewritten(text: string, current: SpecPlace, spec: unknown): string | undefined {
  const { pair } = current
  const lines = linesOf(text, current)
  if (!lines) {
    const range = (pair.value as Node).range
    return range ? text.slice(0, range[0]) + JSON.stringify(spec) + text.slice(endOf(pair)) : undefined
  }
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const written = stringify({ spec }, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })
    .trimEnd()
    .split('\n')
  const block = written.map((line) => moveLine(line, lines.column)).join(eol)
  return text.slice(0, lines.start) + block + eol + text.slice(lines.end)
}

/** From the start of the key's line to the end of the value's last; nothing in braces or behind something else. */
function linesOf(text: string, { map, pair }: SpecPlace): { start: number; end: number; column: number } | undefined {
  const key = pair.key as Node
  if (map.flow || !key.range) return undefined
  const start = text.lastIndexOf('\n', key.range[0] - 1) + 1
  const indent = text.slice(start, key.range[0])
  if (!/^ *$/.test(indent)) return undefined
  const last = endOf(pair)
  const newline = last > 0 && text[last - 1] === '\n' ? last - 1 : text.indexOf('\n', last)
  return { start, end: newline < 0 ? text.length : newline + 1, column: indent.length }
}

/** End of the last byte of a pair, comments behind it left out; a block scalar ends behind its line break. */
function endOf({ key, value }: Pair): number {
  const ownEnd = isNode(key) ? (key.range?.[1] ?? 0) : 0
  return isNode(value) ? Math.max(ownEnd, endOfNode(value)) : ownEnd
}

function endOfNode(node: Node): number {
  const last = (isMap(node) || isSeq(node)) && node.flow !== true ? node.items.at(-1) : undefined
  if (isNode(last)) return endOfNode(last)
  return last ? endOf(last as Pair) : (node.range?.[1] ?? 0)
}

/** Undefined for a line that cannot go so far to the left. */
function moveLine(line: string, by: number): string | undefined {
  if (line.trim() === '' || by === 0) return line
  if (by > 0) return ' '.repeat(by) + line
  return line.startsWith(' '.repeat(-by)) ? line.slice(-by) : undefined
}

/** Same objects in the same order, all as they were but the target, whose spec alone is another. */
function isExactly(text: string, before: SpecPlace, spec: unknown, { id, path }: DocumentTarget): boolean {
  const { documents } = parseManifestNodes({ path, text, blob: '' })
  if (documents.length !== before.documents.length) return false
  const wanted = canonicalDigest({ ...before.document.object, spec })
  return before.documents.every((document, index) => {
    const now = documents[index]
    if (now?.id !== document.id) return false
    return now.digest === (document.id === id ? wanted : document.digest)
  })
}

function problem(code: string, message: string, target: DocumentTarget, suggestion?: string): Problem {
  const { id, path } = target
  return { code, severity: 'error', message, path, subject: id, ...(suggestion === undefined ? {} : { suggestion }) }
}
