import type { CommitPart } from '../../core/commit/index.ts'
import type { DocumentChange } from '../../core/values/index.ts'

/** A whole file as a person wrote it. */
export interface FileChange {
  kind: 'file'
  text: string
  /** Git object id of the file that they had before them; null = there was none. */
  base: string | null
}

export interface WriteRequest {
  id: string
  operation: string
  /** Object id and file of the document to change, as of the snapshot the decision saw. */
  target: { id: string; path: string }
  changes: (DocumentChange | FileChange)[]
  /** Why, and by whom: for the commit text and trailers. */
  kind: CommitPart['kind']
  actor: { name: string; email: string }
  message?: string
  /** One line for the trailer: what led to it. */
  cause: string
  /** Image text before the change by container: if the head no longer says this, the decision is superseded. */
  expects: Record<string, string>
  createdAt: number
}
