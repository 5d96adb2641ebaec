import type { Problem } from '../problem/index.ts'
import { objectId } from './object-id.ts'
import type { KubeObject } from './types.ts'

/** Without its place, which the caller adds. */
type Unplaced = Omit<Problem, 'path' | 'line' | 'column'>

export type ReadObject =
  { kind: 'object'; object: KubeObject } | { kind: 'problem'; problem: Unplaced } | { kind: 'none' }

const problem = (code: string, message: string, suggestion?: string, subject?: string): ReadObject => ({
  kind: 'problem',
  problem: {
    code,
    severity: 'error',
    message,
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(subject === undefined ? {} : { subject }),
  },
})

const isMap = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

function badTextMap(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (!isMap(value)) return 'not a map'
  const key = Object.keys(value).find((name) => typeof value[name] !== 'string')
  return key === undefined ? undefined : `not text at ${key}`
}

function checkMetadata(kind: string, metadata: unknown): ReadObject | undefined {
  if (!isMap(metadata) || typeof metadata.name !== 'string' || metadata.name === '') {
    return problem('object-name-missing', `A ${kind} has no metadata.name.`, 'Write metadata.name as text.')
  }
  const { namespace } = metadata
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string') {
    return problem('object-namespace-invalid', `metadata.namespace of ${kind} ${metadata.name} is not text.`)
  }
  for (const field of ['labels', 'annotations'] as const) {
    const fault = badTextMap(metadata[field])
    if (!fault) continue
    const message = `metadata.${field} of ${kind} ${metadata.name} is ${fault}.`
    return problem('object-metadata-invalid', message, 'Quote the value.')
  }
  return undefined
}

/** One object of a file; `none` = not a Kubernetes object at all (no kind), skipped as Flux does. */
export function readObject(value: unknown): ReadObject {
  if (!isMap(value) || value.kind === undefined || value.kind === null || value.kind === '') {
    const looksMeant = isMap(value) && value.apiVersion !== undefined && value.metadata !== undefined
    return looksMeant
      ? problem('object-kind-missing', 'An object with apiVersion and metadata has no kind.')
      : { kind: 'none' }
  }
  const { kind, apiVersion, metadata } = value
  if (typeof kind !== 'string') return problem('object-kind-missing', 'The kind of an object is not text.')
  if (typeof apiVersion !== 'string' || apiVersion === '') {
    return problem('object-api-version-missing', `A ${kind} has no apiVersion.`, 'Write apiVersion as text.')
  }
  const fault = checkMetadata(kind, metadata)
  if (fault) return fault
  const object = value as unknown as KubeObject
  if (isMap(value.sops)) {
    const message = `${kind} ${object.metadata.name} is encrypted with SOPS, which is not supported; it is not applied.`
    return problem('document-sops', message, 'Seal it as a SealedSecret instead.', objectId(object))
  }
  return { kind: 'object', object }
}
