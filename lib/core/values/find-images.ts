import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml'
import type { Problem } from '../problem/index.ts'
import { isText, partsOfImage, readImage, type FoundImage, type ImageParts, type Part } from './image-place.ts'
import type { Container } from './types.ts'
import { entries, nodeAt, resolve, yamlSource, type Path, type YamlSource } from './yaml-node.ts'

type Annotations = Readonly<Record<string, string>>

/** A container with the places its parts are written at. */
export interface FoundContainer extends FoundImage {
  container: Container
}

export interface FoundContainers {
  source: YamlSource
  found: FoundContainer[]
  problems: Problem[]
}

const valuesPath: Path = ['spec', 'values']
const repositoryPrefix = 'repository.fluxcd.io/'

/** Deeper or larger than this no values are written by hand; what lies beyond is not looked at. */
const maxDepth = 48
const maxMaps = 20_000

interface Search {
  source: YamlSource
  found: Map<string, FoundContainer>
  problems: Problem[]
  maps: number
}

/** Every image in the values of one HelmRelease node, with its place in the source; `chart-image` first, then by name. */
export function findImages(node: YAMLMap, text: string, annotations: Annotations, root: Node = node): FoundContainers {
  const search: Search = { source: yamlSource(text, root), found: new Map(), problems: [], maps: 0 }
  const { source, found, problems } = search
  const kind = nodeAt(source, node, ['kind']).node
  const values = nodeAt(source, node, valuesPath)
  if (!isScalar(kind) || kind.value !== 'HelmRelease' || !isMap(values.node)) return { source, found: [], problems }
  searchMap(search, values.node, [], values.shared, false)
  addMapped(search, values.node, annotations)
  const sorted = [...found.values()].sort((a, b) => byName(a.container.name, b.container.name))
  return { source, found: sorted, problems }
}

function byName(a: string, b: string): number {
  if (a === b) return 0
  if (a === 'chart-image') return -1
  if (b === 'chart-image') return 1
  return a < b ? -1 : 1
}

/** `below` is the path under `spec.values`; in lists and below the first level only the product's own extension looks. */
function searchMap(search: Search, map: YAMLMap, below: Path, shared: boolean, inList: boolean): void {
  search.maps += 1
  if (search.maps > maxMaps || below.length > maxDepth) return
  const deep = inList || below.length > 1
  const parts = partsOfImage(search.source, map, [...valuesPath, ...below])
  const name = below.length === 0 ? 'chart-image' : below.join('.')
  const taken = parts !== undefined && addFound(search, name, shared ? shareAll(parts) : parts, deep || parts.byName)
  for (const entry of entries(search.source, map)) {
    if (taken && entry.key === 'image') continue
    searchValue(search, entry.value, [...below, entry.key], shared || entry.shared, inList)
  }
}

function searchValue(search: Search, node: Node | null, below: Path, shared: boolean, inList: boolean): void {
  if (isMap(node)) return searchMap(search, node, below, shared, inList)
  if (!isSeq(node) || below.length > maxDepth) return undefined
  node.items.forEach((item, index) => {
    const resolved = resolve(search.source, item)
    searchValue(search, resolved.node, [...below, index], shared || resolved.shared, true)
  })
}

/** Whether the parts are an image; one that is none is told only where somebody surely meant one. */
function addFound(search: Search, name: string, parts: ImageParts, extension: boolean): boolean {
  const read = readImage(search.source, parts)
  if (!read) return false
  if ('invalid' in read) {
    if (!extension || parts.tagSibling) search.problems.push(invalidImage(name, read.invalid))
    return false
  }
  if (search.found.has(name)) return true
  const needsFilter = extension || read.hiddenFromFlux
  search.found.set(name, { ...read, container: { name, image: read.image, needsFilter, tagPath: read.tagPath } })
  return true
}

/** Dot paths under `spec.values`, named by annotations; they override what was detected by name or at the same place. */
function addMapped(search: Search, values: YAMLMap, annotations: Annotations): void {
  for (const [key, path] of Object.entries(annotations)) {
    const alias = key.startsWith(repositoryPrefix) ? key.slice(repositoryPrefix.length) : ''
    if (alias === '') continue
    const parts = mappedParts(search, values, annotations, alias, String(path))
    if (!parts) {
      search.problems.push(unresolved(alias))
      continue
    }
    for (const [name, other] of search.found) {
      if (name === alias || other.repository === parts.repository.node) search.found.delete(name)
    }
    addFound(search, alias, parts, false)
  }
}

function mappedParts(
  { source }: Search,
  values: YAMLMap,
  annotations: Annotations,
  alias: string,
  repositoryPath: string,
): ImageParts | undefined {
  const at = (path: string | undefined): Part | undefined => {
    const { node, shared } = path === undefined ? { node: null, shared: false } : nodeAt(source, values, steps(path))
    return isScalar(node) ? { path: [...valuesPath, ...steps(path ?? '')], node, shared } : undefined
  }
  const repository = at(repositoryPath)
  const registryPath = annotations[`registry.fluxcd.io/${alias}`]
  const tagPath = annotations[`tag.fluxcd.io/${alias}`]
  const registry = at(registryPath)
  const tag = at(tagPath)
  if (!repository || !isText(repository.node) || (registryPath !== undefined && !registry)) return undefined
  const parts: ImageParts = { repository, ...(registry ? { registry } : {}), ...(tag ? { tag } : {}) }
  if (tagPath !== undefined && !tag) {
    // Only a key called `tag` beside the repository can be added later; any other missing place is unresolved.
    const siblings = steps(repositoryPath)
    if (tagPath !== [...siblings.slice(0, -1), 'tag'].join('.')) return undefined
    parts.tagSibling = { parent: repository.path.slice(0, -1), behind: siblings.at(-1) ?? '' }
  }
  const digest = at([...steps(tagPath ?? repositoryPath).slice(0, -1), 'digest'].join('.'))
  if (digest && isText(digest.node) && digest.node !== repository.node) parts.digest = digest
  return parts
}

function steps(path: string): string[] {
  return path.split('.')
}

function shareAll<T extends ImageParts>(parts: T): T {
  const shared: T = { ...parts, repository: { ...parts.repository, shared: true } }
  if (shared.tag) shared.tag = { ...shared.tag, shared: true }
  if (shared.digest) shared.digest = { ...shared.digest, shared: true }
  return shared
}

function invalidImage(container: string, text: string): Problem {
  return {
    code: 'image-invalid',
    severity: 'warning',
    message: `“${text.length <= 80 ? text : `${text.slice(0, 79)}…`}” is no image reference.`,
    suggestion: 'Correct repository and tag in the values; until then this image is not automated.',
    subject: container,
  }
}

function unresolved(alias: string): Problem {
  return {
    code: 'image-path-unresolved',
    severity: 'warning',
    message: `The path in ${repositoryPrefix}${alias} (or its registry or tag path) leads to no text in the values.`,
    suggestion: 'Correct the dotted path below spec.values.',
    subject: alias,
  }
}
