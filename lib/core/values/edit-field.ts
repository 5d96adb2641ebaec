import { isMap, isScalar, type YAMLMap } from 'yaml'
import { nothingToDo, planned, refuse, refuseForm, refuseShared, type EditPlan } from './edit-problem.ts'
import { columnOf, fillEmpty, insertPair, isEmptyScalar, removePair } from './map-edit.ts'
import { editScalar, isInFlow } from './scalar-edit.ts'
import { bytesOf, entryOf, nodeAt, yamlSource, type Entry, type Path, type YamlSource } from './yaml-node.ts'

const annotationsPath: Path = ['metadata', 'annotations']

interface Place {
  source: YamlSource
  node: YAMLMap
  metadata: YAMLMap
  key: string
  what: string
}

/** Sets, adds or (null) deletes one annotation; an emptied map goes, a missing one comes, in the file's indentation. */
export function planAnnotation(node: YAMLMap, text: string, key: string, value: string | null): EditPlan {
  const source = yamlSource(text, node)
  const what = `The annotation ${key}`
  const metadata = nodeAt(source, node, ['metadata'])
  if (!isMap(metadata.node)) return refuseForm('The metadata')
  if (metadata.shared) return refuseShared('The metadata')
  const place: Place = { source, node, metadata: metadata.node, key, what }
  const annotations = entryOf(source, metadata.node, 'annotations')
  if (annotations?.shared) return refuseShared('The annotations')
  return value === null ? planDelete(place, annotations) : planSet(place, annotations, value)
}

function planDelete({ source, metadata, key, what }: Place, annotations: Entry | undefined): EditPlan {
  if (!annotations || !isMap(annotations.value)) return nothingToDo
  const entry = entryOf(source, annotations.value, key)
  if (!entry) return nothingToDo
  if (entry.shared && !annotations.value.items.includes(entry.pair)) return refuseShared(what)
  const last = annotations.value.items.length === 1
  const splice = last
    ? removePair(source.text, metadata, annotations.pair)
    : removePair(source.text, annotations.value, entry.pair)
  if (!splice) return refuseForm(what)
  return planned([splice], [{ path: last ? annotationsPath : [...annotationsPath, key], value: undefined }])
}

function planSet(place: Place, annotations: Entry | undefined, value: string): EditPlan {
  const { source, node, key, what } = place
  const path = [...annotationsPath, key]
  const map = annotations?.value
  if (isMap(map)) {
    const entry = entryOf(source, map, key)
    if (entry) return planExisting(source, node, entry, path, value, what, false)
    const splice = insertPair(source.text, map, { key, value })
    return splice ? planned([splice], [{ path, value }]) : refuseForm(what)
  }
  const splice = annotations ? fillAnnotations(place, annotations, value) : addAnnotations(place, value)
  return splice
    ? planned([splice], [{ path: annotationsPath, value: { [key]: value } }])
    : refuseForm('The annotations')
}

function addAnnotations({ source, node, metadata, key }: Place, value: string): ReturnType<typeof insertPair> {
  const keys = metadata.items.map((item) => entryKey(item))
  const behind = keys.findLast((name) => name === 'namespace' || name === 'name')
  const pair = { key: 'annotations', value: { key, value } }
  return insertPair(source.text, metadata, pair, { behind, step: stepOf(source, node, metadata) })
}

/** `annotations:` with nothing behind it, or with a written null. */
function fillAnnotations(
  { source, node, metadata, key }: Place,
  { pair, value: empty }: Entry,
  value: string,
): ReturnType<typeof insertPair> {
  if (empty !== null && !(isScalar(empty) && empty.value === null)) return undefined
  const inFlow = isInFlow(source, node, annotationsPath)
  const child = { key, value }
  if (empty !== null && !isEmptyScalar(empty)) {
    const [start, end] = bytesOf(empty)
    const filled = fillEmpty(source.text, pair, child, true, '')
    return { start, end, text: filled.text.trimStart() }
  }
  return fillEmpty(source.text, pair, child, inFlow, stepOf(source, node, metadata))
}

/**
 * Rewrites one scalar. A number or truth value stays one where the new text is one too. A missing key is added to a map
 * that exists; missing parents are never made and a map is never overwritten (kubeyaml's rule, §2).
 */
export function planScalar(node: YAMLMap, text: string, path: Path, value: string): EditPlan {
  const source = yamlSource(text, node)
  const what = path.join('.')
  const key = path.at(-1)
  const parent = nodeAt(source, node, path.slice(0, -1))
  if (key === undefined || parent.node === null) return refuse('edit-parent-missing', `There is no place for ${what}.`)
  if (parent.shared) return refuseShared(what)
  if (!isMap(parent.node)) return planItem(source, node, path, value, what)
  const entry = entryOf(source, parent.node, String(key))
  if (entry) return planExisting(source, node, entry, path, value, what, true)
  const splice = insertPair(source.text, parent.node, { key: String(key), value })
  return splice ? planned([splice], [{ path, value }]) : refuseForm(what)
}

function planItem(source: YamlSource, root: YAMLMap, path: Path, value: string, what: string): EditPlan {
  const { node, shared } = nodeAt(source, root, path)
  if (shared) return refuseShared(what)
  const inFlow = isInFlow(source, root, path)
  const edit = node && editScalar(source, node, undefined, value, { inFlow, keepLiteral: true })
  return edit
    ? planned([edit.splice], [{ path, value: edit.value }])
    : refuse('edit-not-scalar', `${what} is no single value.`)
}

function planExisting(
  source: YamlSource,
  root: YAMLMap,
  { value: node, pair, shared }: Entry,
  path: Path,
  value: string,
  what: string,
  keepLiteral: boolean,
): EditPlan {
  if (shared) return refuseShared(what)
  if (!isScalar(node)) return refuse('edit-not-scalar', `${what} is no single value and is not overwritten.`)
  const edit = editScalar(source, node, pair, value, { inFlow: isInFlow(source, root, path), keepLiteral })
  return edit ? planned([edit.splice], [{ path, value: edit.value }]) : refuseForm(what)
}

/** The file's own indentation, as seen between `metadata` and its first key. */
function stepOf(source: YamlSource, node: YAMLMap, metadata: YAMLMap): string {
  const owner = nodeAt(source, node, ['metadata']).pair
  const child = metadata.items[0]
  const step = owner && child ? columnOf(source.text, child) - columnOf(source.text, owner) : 0
  return ' '.repeat(step > 0 && step <= 8 ? step : 2)
}

function entryKey(pair: YAMLMap['items'][number]): string {
  return isScalar(pair.key) ? String(pair.key.value) : ''
}
