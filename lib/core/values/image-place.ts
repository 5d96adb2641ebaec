import { isMap, isScalar, type Node, type YAMLMap } from 'yaml'
import { formatImageRef, isValidDigest, parseImageRef, type ImageRef } from '../image/index.ts'
import { entries, scalarText, type Entry, type Path, type YamlSource } from './yaml-node.ts'

/** A scalar that stands in the source. */
export interface Part {
  path: Path
  node: Node
  shared: boolean
}

/** Where a tag is written back to: the shape of the image in the values decides (semantics §2). */
export type ImagePlace =
  /** A scalar for the tag alone; may be empty. */
  | { kind: 'tag'; tag: Part; digest?: Part }
  /** A scalar that holds `name[:tag][@digest]`. */
  | { kind: 'reference'; reference: Part; digest?: Part }
  /** No tag is written: a `tag` key goes behind the repository. */
  | { kind: 'absent'; parent: Path; behind: string; shared: boolean; digest?: Part }

export interface ImageParts {
  /** The repository, or the full reference. */
  repository: Part
  /** Where a missing tag key belongs; undefined = into the repository scalar, as in `image: app`. */
  tagSibling?: { parent: Path; behind: string }
  registry?: Part
  tag?: Part
  digest?: Part
}

export interface FoundImage {
  image: ImageRef
  place: ImagePlace
  tagPath: Path
  repository: Node
  /** An empty tag or registry: Flux does not see the container. */
  hiddenFromFlux: boolean
}

/** The image in a map that has the key `image`; `byName` tells that it was found by `image.name`. */
export function partsOfImage(
  source: YamlSource,
  map: YAMLMap,
  path: Path,
): (ImageParts & { byName: boolean }) | undefined {
  const around = entries(source, map)
  const image = around.find((entry) => entry.key === 'image')
  if (!image) return undefined
  if (isText(image.value)) {
    const siblings = siblingParts(around, path)
    return { repository: toPart(image, path), ...siblings, byName: false }
  }
  if (!isMap(image.value)) return undefined
  const inner = entries(source, image.value).map((entry) => ({ ...entry, shared: entry.shared || image.shared }))
  const innerPath = [...path, 'image']
  const repository = inner.find((entry) => entry.key === 'repository') ?? inner.find((entry) => entry.key === 'name')
  if (!repository || !isText(repository.value)) return undefined
  return {
    repository: toPart(repository, innerPath),
    tagSibling: { parent: innerPath, behind: repository.key },
    ...siblingParts(inner, innerPath),
    byName: repository.key === 'name',
  }
}

/** Undefined where the parts give no valid reference, with the text that is none. */
export function readImage(source: YamlSource, parts: ImageParts): FoundImage | { invalid: string } | undefined {
  const repository = scalarText(source, parts.repository.node) ?? ''
  const registry = parts.registry && scalarText(source, parts.registry.node)
  const tag = parts.tag && (scalarText(source, parts.tag.node) ?? '')
  const digest = parts.digest && (scalarText(source, parts.digest.node) ?? '')
  if (parts.tag && !isScalar(parts.tag.node)) return undefined

  const name = registry ? `${registry}/${repository}` : repository
  const named = parseImageRef(name)
  const written = named && compose(named, tag, digest)
  const image = written === undefined ? undefined : parseImageRef(written)
  if (!named || !image) return { invalid: written ?? name }
  const emptyTag = parts.tag !== undefined && isText(parts.tag.node) && tag === ''
  const place = placeOf(parts, named)
  return {
    image,
    place,
    tagPath: tagPathOf(place),
    repository: parts.repository.node,
    hiddenFromFlux: emptyTag || (parts.registry !== undefined && registry === ''),
  }
}

export function isText(node: Node | null): boolean {
  return isScalar(node) && typeof node.value === 'string'
}

function compose(named: ImageRef, tag: string | undefined, digest: string | undefined): string {
  const bare = tag ? formatImageRef({ written: named.written, host: named.host, path: named.path }) : named.written
  const tagged = tag ? `${bare}:${tag}` : bare
  return digest && isValidDigest(digest) && !tagged.includes('@') ? `${tagged}@${digest}` : tagged
}

function placeOf(parts: ImageParts, named: ImageRef): ImagePlace {
  const digest = parts.digest ? { digest: parts.digest } : {}
  if (parts.tag) return { kind: 'tag', tag: parts.tag, ...digest }
  const inReference = named.tag !== undefined || named.digest !== undefined || !parts.tagSibling
  if (inReference || !parts.tagSibling) return { kind: 'reference', reference: parts.repository, ...digest }
  return { kind: 'absent', ...parts.tagSibling, shared: parts.repository.shared, ...digest }
}

function tagPathOf(place: ImagePlace): Path {
  switch (place.kind) {
    case 'tag':
      return place.tag.path
    case 'reference':
      return place.reference.path
    case 'absent':
      return [...place.parent, 'tag']
  }
}

function siblingParts(around: readonly Entry[], path: Path): Pick<ImageParts, 'registry' | 'tag' | 'digest'> {
  const registry = around.find((entry) => entry.key === 'registry' && isText(entry.value))
  const tag = around.find((entry) => entry.key === 'tag' && entry.value !== null)
  const digest = around.find((entry) => entry.key === 'digest' && isText(entry.value))
  return {
    ...(registry ? { registry: toPart(registry, path) } : {}),
    ...(tag ? { tag: toPart(tag, path) } : {}),
    ...(digest && isDigestLike(digest.value) ? { digest: toPart(digest, path) } : {}),
  }
}

function isDigestLike(node: Node | null): boolean {
  return isScalar(node) && typeof node.value === 'string' && /^sha\d+:/.test(node.value)
}

function toPart(entry: Entry, path: Path): Part {
  if (entry.value === null) throw new TypeError(`${entry.key} has no value`)
  return { path: [...path, entry.key], node: entry.value, shared: entry.shared }
}
