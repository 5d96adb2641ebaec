import type { Problem } from '../problem/index.ts'

/** `<namespace>:<kind>/<name>`, kind lower-case, namespace `<cluster>` where there is none to name (Flux v1). */
export type ObjectId = string

export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace?: string
    uid?: string
    resourceVersion?: string
    generation?: number
    labels?: Record<string, string>
    annotations?: Record<string, string>
    creationTimestamp?: string
    deletionTimestamp?: string
    finalizers?: string[]
    ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[]
    managedFields?: { manager?: string; operation?: string; time?: string; fieldsV1?: unknown; subresource?: string }[]
  }
  [field: string]: unknown
}

/** One YAML document (or item of a List) of the config repository, with its place. */
export interface ManifestDocument {
  id: ObjectId
  object: KubeObject
  /** File, relative to the repository root. */
  path: string
  /** Git blob id of the file. */
  blob: string
  /** 1-based line where the document starts. */
  line: number
  /** UTF-16 offsets of the document in the file's text, end exclusive. */
  range: readonly [start: number, end: number]
  /** SHA-256 hex of the canonical JSON of `object`. */
  digest: string
}

export interface ParsedFile {
  documents: ManifestDocument[]
  problems: Problem[]
}
