import { isMap, type YAMLMap } from 'yaml'
import { formatImageRef, isValidDigest, isValidTag, parseImageRef, withTag } from '../image/index.ts'
import { nothingToDo, planned, refuse, refuseForm, refuseShared, type EditPlan } from './edit-problem.ts'
import { findImages, type FoundContainer } from './find-images.ts'
import type { Part } from './image-place.ts'
import { insertPair } from './map-edit.ts'
import { editScalar, isInFlow } from './scalar-edit.ts'
import type { DocumentChange } from './types.ts'
import { nodeAt, scalarText, type YamlSource } from './yaml-node.ts'

type ImageChange = Extract<DocumentChange, { kind: 'image' }>

/** Writes a tag where the shape of the values holds it, and the digest beside it in the same edit (§2, §9.9). */
export function planImage(
  node: YAMLMap,
  text: string,
  annotations: Readonly<Record<string, string>>,
  change: ImageChange,
): EditPlan {
  if (!isValidTag(change.tag)) return refuse('tag-invalid', `“${change.tag.slice(0, 40)}” is no image tag.`)
  if (change.digest !== undefined && !isValidDigest(change.digest)) {
    return refuse('digest-invalid', `“${change.digest.slice(0, 40)}” is no digest.`)
  }
  const { source, found } = findImages(node, text, annotations)
  const container = found.find((candidate) => candidate.container.name === change.container)
  if (!container) return refuse('container-missing', `No image is called ${change.container} in the values.`)
  const { image } = container
  if (image.tag === change.tag && (change.digest === undefined || change.digest === image.digest)) return nothingToDo
  if (image.digest !== undefined && change.digest === undefined) {
    const message = `A digest stands beside the tag of ${change.container}, and the digest of ${change.tag} is not known.`
    return refuse('digest-unknown', message, 'Scan the repository again, or remove the digest from the values.')
  }
  return planPlace(source, node, container, change)
}

function planPlace(
  source: YamlSource,
  node: YAMLMap,
  { place, container }: FoundContainer,
  change: ImageChange,
): EditPlan {
  const what = `The image of ${container.name}`
  const { digest } = place
  const beside = digest
    ? planPart(source, node, digest, change.digest ?? '', `The digest of ${container.name}`)
    : nothingToDo
  if (!beside.ok) return beside
  const main = planTag(source, node, place, change, what)
  if (!main.ok) return main
  const edits = [main.edit, beside.edit]
  return planned(
    edits.flatMap(({ splices }) => splices),
    edits.flatMap(({ outcome }) => outcome),
  )
}

function planTag(
  source: YamlSource,
  node: YAMLMap,
  place: FoundContainer['place'],
  change: ImageChange,
  what: string,
): EditPlan {
  switch (place.kind) {
    case 'tag': {
      const withDigest = (scalarText(source, place.tag.node) ?? '').includes('@')
      const text = withDigest ? `${change.tag}@${change.digest}` : change.tag
      return planPart(source, node, place.tag, text, what)
    }
    case 'reference': {
      const written = parseImageRef(scalarText(source, place.reference.node) ?? '')
      if (!written) return refuseForm(what)
      const moved = withTag(written, change.tag, written.digest === undefined ? undefined : change.digest)
      return planPart(source, node, place.reference, formatImageRef(moved), what)
    }
    case 'absent': {
      if (place.shared) return refuseShared(what)
      const parent = nodeAt(source, node, place.parent).node
      const splice = isMap(parent)
        ? insertPair(source.text, parent, { key: 'tag', value: change.tag }, place)
        : undefined
      if (!splice) return refuseForm(what)
      return planned([splice], [{ path: [...place.parent, 'tag'], value: change.tag }])
    }
  }
}

function planPart(source: YamlSource, root: YAMLMap, part: Part, text: string, what: string): EditPlan {
  if (part.shared) return refuseShared(what)
  const { pair } = nodeAt(source, root, part.path)
  const inFlow = isInFlow(source, root, part.path)
  const edit = editScalar(source, part.node, pair, text, { inFlow, keepLiteral: false })
  if (!edit) return refuseForm(what)
  return planned([edit.splice], [{ path: part.path, value: edit.value }])
}
