import { parseAllDocuments } from 'yaml'
import { yamlOptions, type KubeObject } from '../manifest/index.ts'

export interface RenderedDocument {
  object: KubeObject
  /** Path of the template, from Helm's `# Source:` comment. */
  source?: string
}

const isObject = (value: unknown): value is KubeObject => {
  if (typeof value !== 'object' || value === null) return false
  const { apiVersion, kind, metadata } = value as Partial<KubeObject>
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata?.name === 'string'
}

/** The object, or those in a list; items of a `ConfigMapList` may leave out what they are. */
function objectsIn(value: unknown): KubeObject[] {
  if (isObject(value)) return [value]
  if (typeof value !== 'object' || value === null) return []
  const { apiVersion, kind, items } = value as { apiVersion?: unknown; kind?: unknown; items?: unknown }
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return []
  return items.flatMap((item: unknown) =>
    objectsIn(typeof item === 'object' && item !== null ? { apiVersion, kind: kind.slice(0, -4), ...item } : item),
  )
}

/**
 * The objects of a manifest as Helm stores it, read as Helm reads them. What is no object is passed over: Helm would have
 * refused it.
 */
export function parseRendered(manifest: string): RenderedDocument[] {
  return manifest.split(/^---(?=\s|$)/m).flatMap((text) => {
    const source = /^# Source: (.+)$/m.exec(text)?.[1]
    return parseAllDocuments(text, yamlOptions()).flatMap((document) =>
      objectsIn(document.toJS({ maxAliasCount: 100 })).map((object) => ({
        object,
        ...(source === undefined ? {} : { source }),
      })),
    )
  })
}
