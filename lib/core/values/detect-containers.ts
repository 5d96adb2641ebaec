import { isMap, type Node, type YAMLMap } from 'yaml'
import { parseManifestNodes } from '../manifest/index.ts'
import type { Problem } from '../problem/index.ts'
import { findImages } from './find-images.ts'
import type { Container } from './types.ts'

export interface DetectedContainers {
  containers: Container[]
  /** Warnings: they never block the release. */
  problems: Problem[]
}

/**
 * The images in the values of one HelmRelease of a file (semantics §2, §9.8). Nothing for other kinds, for an object that
 * is not there, and for a file that is no YAML (whose problems `parseManifestFile` tells).
 */
export function detectContainers(
  text: string,
  target: { id: string; defaultNamespace?: string },
  annotations: Readonly<Record<string, string>>,
): DetectedContainers {
  const { nodes } = parseManifestNodes({ path: '', text, blob: '', defaultNamespace: target.defaultNamespace })
  const node = nodes.get(target.id)
  return isMap(node) ? detectContainersInNode(node, text, annotations) : { containers: [], problems: [] }
}

/**
 * The same for a node already parsed. `source` is the whole text the node's ranges point into; `root` the node in which
 * anchors are looked for, where it is not the object itself (an item of a List).
 */
export function detectContainersInNode(
  node: YAMLMap,
  source: string,
  annotations: Readonly<Record<string, string>>,
  root?: Node,
): DetectedContainers {
  const { found, problems } = findImages(node, source, annotations, root)
  return { containers: found.map(({ container }) => container), problems }
}
