import { isMap, type YAMLMap } from 'yaml'
import { canonicalDigest } from '../audit/index.ts'
import { parseManifestNodes, type ParsedNodes } from '../manifest/index.ts'
import type { Problem } from '../problem/index.ts'
import { planAnnotation, planScalar } from './edit-field.ts'
import { planImage } from './edit-image.ts'
import { refuse, type EditPlan, type PlannedEdit } from './edit-problem.ts'
import { applySplices } from './map-edit.ts'
import { restoreSpec } from './restore-spec.ts'
import type { DocumentChange, DocumentTarget, EditedDocument } from './types.ts'
import type { Path } from './yaml-node.ts'

interface Parsed extends ParsedNodes {
  node: YAMLMap
}

/**
 * Makes all changes to one object of a file, or none (§9.10). Only the bytes of the scalars named change, quotes stay, and
 * keys come and go as whole lines; after each change the file is read again and must differ in exactly what was asked.
 * What Git already says leaves the text as it is.
 */
export function editDocument(
  text: string,
  target: DocumentTarget,
  changes: readonly DocumentChange[],
  options: { defaultNamespace?: string } = {},
): EditedDocument {
  const parse = (current: string) => parseTarget(current, target, options.defaultNamespace)
  let parsed = parse(text)
  let edited = text
  for (const change of changes) {
    if (!parsed.ok) return parsed
    if (change.kind === 'spec') {
      const restored = restoreSpec(edited, target, { text: change.earlier, id: change.id })
      if (!restored.ok) return restored
      edited = restored.text
      parsed = parse(edited)
      continue
    }
    const plan = planChange(parsed.parsed, edited, target, change)
    if (!plan.ok) return { ok: false, problem: { path: target.path, subject: target.id, ...plan.problem } }
    if (plan.edit.splices.length === 0) continue
    const next = applySplices(edited, plan.edit.splices)
    const reparsed = parse(next)
    if (!reparsed.ok || !isExactly(parsed.parsed, reparsed.parsed, target.id, plan.edit)) return notExact(target)
    edited = next
    parsed = reparsed
  }
  return parsed.ok ? { ok: true, text: edited } : parsed
}

function planChange(
  { node, documents }: Parsed,
  text: string,
  target: DocumentTarget,
  change: Exclude<DocumentChange, { kind: 'spec' }>,
): EditPlan {
  switch (change.kind) {
    case 'image': {
      const { annotations = {} } = documents.find(({ id }) => id === target.id)?.object.metadata ?? {}
      return planImage(node, text, annotations, change)
    }
    case 'annotation':
      return planAnnotation(node, text, change.key, change.value)
    case 'scalar':
      return planScalar(node, text, change.path, change.value)
  }
}

function parseTarget(
  text: string,
  { id, path }: DocumentTarget,
  defaultNamespace: string | undefined,
): { ok: true; parsed: Parsed } | { ok: false; problem: Problem } {
  const parsed = parseManifestNodes({ path, text, blob: '', defaultNamespace })
  const node = parsed.nodes.get(id)
  if (isMap(node)) return { ok: true, parsed: { ...parsed, node } }
  const because = parsed.problems.find(({ subject }) => subject === id) ?? parsed.problems[0]
  if (because) return { ok: false, problem: because }
  const missing = refuse('document-missing', `${id} is not in ${path}.`)
  return { ok: false, problem: { ...missing.problem, path, subject: id } }
}

/** Same objects in the same order, all equal but the target, which is what it was with the outcome asked for. */
function isExactly(before: Parsed, after: Parsed, id: string, edit: PlannedEdit): boolean {
  if (before.documents.length !== after.documents.length || before.problems.length !== after.problems.length)
    return false
  return before.documents.every((document, index) => {
    const now = after.documents[index]
    if (now?.id !== document.id) return false
    if (document.id !== id) return now.digest === document.digest
    const expected = edit.outcome.reduce<unknown>(
      (object, { path, value }) => setIn(object, path, value),
      document.object,
    )
    return now.digest === canonicalDigest(expected)
  })
}

/** A copy along the path only; `undefined` removes the key. */
function setIn(object: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (Array.isArray(object))
    return object.map((item, index) => (index === step ? setIn(item, rest, value) : (item as unknown)))
  const map = { ...(object as Record<string, unknown> | null) }
  if (rest.length > 0 || value !== undefined) map[step] = setIn(map[step], rest, value)
  else delete map[step]
  return map
}

function notExact(target: DocumentTarget): EditedDocument {
  const message = `The edit would change more of ${target.id} than was asked for, or not that.`
  const suggestion = 'Write the values in question without anchors, aliases and unusual YAML forms.'
  const { problem } = refuse('edit-not-exact', message, suggestion)
  return { ok: false, problem: { ...problem, path: target.path, subject: target.id } }
}
