import { parseAllDocuments } from 'yaml'
import type { KubeObject } from '../manifest/index.ts'

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

/** The objects of a manifest as Helm stores it. What is no object is passed over: Helm would have refused it. */
export function parseRendered(manifest: string): RenderedDocument[] {
  return manifest.split(/^---(?=\s|$)/m).flatMap((text) => {
    const source = /^# Source: (.+)$/m.exec(text)?.[1]
    return parseAllDocuments(text, { logLevel: 'silent', prettyErrors: false, merge: true }).flatMap((document) => {
      const value: unknown = document.toJS({ maxAliasCount: 100 })
      return isObject(value) ? [{ object: value, ...(source === undefined ? {} : { source }) }] : []
    })
  })
}
