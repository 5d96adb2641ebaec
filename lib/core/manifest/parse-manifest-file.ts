import { isMap, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml'
import { canonicalDigest } from '../audit/index.ts'
import type { Problem } from '../problem/index.ts'
import { fileCaps, findExcess } from './caps.ts'
import { objectId } from './object-id.ts'
import { readObject } from './read-object.ts'
import type { ManifestDocument, ObjectId, ParsedFile } from './types.ts'
import { yamlOptions } from './yaml-options.ts'

export interface ManifestFile {
  /** Relative to the repository root. */
  path: string
  text: string
  /** Git blob id. */
  blob: string
  /** For objects without a namespace; `default` when absent. */
  defaultNamespace?: string
}

/** A parsed file together with the YAML node of each document, by object id. */
export interface ParsedNodes extends ParsedFile {
  nodes: Map<ObjectId, Node>
  /** Root of the YAML document each object stands in, where anchors are; differs from the node for items of a List. */
  roots: Map<ObjectId, Node>
}

interface Reading {
  file: ManifestFile
  lines: LineCounter
  documents: ManifestDocument[]
  problems: Problem[]
  nodes: Map<ObjectId, Node>
  roots: Map<ObjectId, Node>
}

const fileProblem = (path: string, code: string, message: string, suggestion?: string): Problem => ({
  code,
  severity: 'error',
  message,
  path,
  ...(suggestion === undefined ? {} : { suggestion }),
})

const tooDeep = (path: string): Problem => fileProblem(path, 'yaml-too-deep', `${path} nests deeper than 64 levels.`)

function checkText({ path, text }: ManifestFile): Problem | undefined {
  if (Buffer.byteLength(text) > fileCaps.bytes) {
    return fileProblem(path, 'file-too-large', `${path} is larger than 5 MiB.`, 'Split the file.')
  }
  // Counted before parsing: a separator is one line, so five megabytes hold a million documents.
  const separators = text.match(/^---(?=\s|$)/gm)?.length ?? 0
  if (separators > fileCaps.documents) {
    return fileProblem(path, 'file-too-many-documents', `${path} holds more than 1,000 documents.`, 'Split the file.')
  }
  return undefined
}

/** Errors of the YAML itself, all documents together; a template is named as such, since its errors mislead. */
function syntaxProblems(reading: Reading, documents: readonly Document.Parsed[]): Problem[] {
  const { path, text } = reading.file
  const errors = documents.flatMap((document) => document.errors)
  if (errors.length === 0) return []
  if (errors.some((error) => error.code === 'RESOURCE_EXHAUSTION')) return [tooDeep(path)]
  const template = text.indexOf('{{')
  if (template !== -1) {
    const { line, col } = reading.lines.linePos(template)
    const message = `${path} is a template, not a manifest: it holds {{ at line ${line}.`
    const suggestion = 'Move it into a chart, or commit what it renders to.'
    return [{ ...fileProblem(path, 'file-templated', message, suggestion), line, column: col }]
  }
  return errors.slice(0, 5).map((error) => {
    const { line, col } = reading.lines.linePos(error.pos[0])
    const message = `${path} is not valid YAML at line ${line}, column ${col}: ${error.message}`
    return { ...fileProblem(path, 'yaml-invalid', message), line, column: col }
  })
}

function addObject(reading: Reading, node: Node, value: unknown, range: readonly [number, number], root: Node): void {
  const { path, blob, defaultNamespace } = reading.file
  const { line, col } = reading.lines.linePos(node.range?.[0] ?? range[0])
  const read = readObject(value)
  if (read.kind === 'none') return
  if (read.kind === 'problem') {
    reading.problems.push({ ...read.problem, path, line, column: col })
    return
  }
  const id = objectId(read.object, defaultNamespace)
  const document = { id, object: read.object, path, blob, line, range, digest: canonicalDigest(read.object) }
  reading.documents.push(document)
  reading.nodes.set(id, node)
  reading.roots.set(id, root)
}

function addList(reading: Reading, document: Document.Parsed, value: { items: unknown[] }): void {
  const list = document.contents
  const items = isMap(list) ? list.get('items', true) : undefined
  if (!list || !isSeq(items)) return
  items.items.forEach((item, index) => {
    const node = item as Node
    if (!node.range) return
    addObject(reading, node, value.items[index], [node.range[0], node.range[2]], list)
  })
}

function isList(value: unknown): value is { items: unknown[] } {
  if (value === null || typeof value !== 'object') return false
  const { kind, items } = value as { kind?: unknown; items?: unknown }
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)
}

function addDocument(reading: Reading, document: Document.Parsed): void {
  const { contents } = document
  if (contents === null) return
  const { path } = reading.file
  const { line, col } = reading.lines.linePos(contents.range[0])
  const refuse = (code: string, message: string): void => {
    reading.problems.push({ ...fileProblem(path, code, message), line, column: col })
  }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error
    return error.message.startsWith('Unresolved alias')
      ? refuse('yaml-invalid', `An alias in ${path} at line ${line} has no anchor: ${error.message}`)
      : refuse('yaml-alias-bomb', `Aliases in ${path} at line ${line} expand too far.`)
  }
  const excess = findExcess(value)
  if (excess === 'depth') return refuse('yaml-too-deep', `${path} nests deeper than 64 levels at line ${line}.`)
  if (excess === 'size') return refuse('yaml-alias-bomb', `Aliases in ${path} at line ${line} expand too far.`)
  if (isList(value)) addList(reading, document, value)
  else addObject(reading, contents, value, [document.range[0], document.range[2]], contents)
}

/** Two documents of one id: none is taken, each is a problem. */
function dropDuplicates(reading: Reading): void {
  const seen = Map.groupBy(reading.documents, (document) => document.id)
  for (const [id, same] of seen) {
    if (same.length === 1) continue
    const lines = same.map((document) => document.line).join(' and ')
    for (const { path, line } of same) {
      const message = `${id} is written twice in ${path}: at lines ${lines}. Neither is applied.`
      reading.problems.push({ ...fileProblem(path, 'object-duplicate', message), line, subject: id })
    }
    reading.nodes.delete(id)
  }
  reading.documents = reading.documents.filter(({ id }) => seen.get(id)?.length === 1)
}

function parseDocuments(text: string, lines: LineCounter): Document.Parsed[] | undefined {
  try {
    const parsed = parseAllDocuments(text, yamlOptions(lines))
    return Array.isArray(parsed) ? parsed : []
  } catch (error) {
    if (error instanceof RangeError) return undefined // nested so deeply that the parser ran out of stack
    throw error
  }
}

const refused = (problems: Problem[]): ParsedNodes => ({ documents: [], problems, nodes: new Map(), roots: new Map() })

/** Like `parseManifestFile`, with the nodes for what reads source text (containers, edits). */
export function parseManifestNodes(file: ManifestFile): ParsedNodes {
  const [nodes, roots] = [new Map<ObjectId, Node>(), new Map<ObjectId, Node>()]
  const reading: Reading = { file, lines: new LineCounter(), documents: [], problems: [], nodes, roots }
  const oversized = checkText(file)
  if (oversized) return refused([oversized])
  const documents = parseDocuments(file.text, reading.lines)
  if (!documents) return refused([tooDeep(file.path)])
  const invalid = syntaxProblems(reading, documents)
  if (invalid.length > 0) return refused(invalid)
  for (const document of documents) addDocument(reading, document)
  if (reading.documents.length > fileCaps.documents) {
    const message = `${file.path} holds more than 1,000 objects.`
    return refused([fileProblem(file.path, 'file-too-many-documents', message, 'Split the file.')])
  }
  dropDuplicates(reading)
  return { documents: reading.documents, problems: reading.problems, nodes, roots }
}

/**
 * Reads every object of one file: documents and items of Lists; documents without a kind are skipped.
 * Never throws on what a user wrote: a file that is no YAML gives no documents and a problem with its place.
 */
export function parseManifestFile(file: ManifestFile): ParsedFile {
  const { documents, problems } = parseManifestNodes(file)
  return { documents, problems }
}
