import type { CommitPart } from '../../core/commit/index.ts'
import type { ProposalScope } from '../../core/proposal/index.ts'
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
  /** Promotion in whose pull request it waits; absent = it goes into the branch with the next commit. */
  proposal?: string
}

/** A branch of ours with its pull request, as last made. */
export interface ProposalRecord {
  branch: string
  scope: ProposalScope
  /** First line of what it brings. */
  title: string
  /** Tip of the branch. */
  commit: string
  /** Digest of what it brings. */
  content: string
  number?: number
  /** Of the pull request, for people. */
  url?: string
  /** Digest of the words and the check that its host was last told. */
  told?: string
  /** What keeps it from going on, and what people can do; absent = nothing. */
  problem?: string
  /** Ids of the requests in it. */
  writes: string[]
  /** Milliseconds since the epoch. */
  openedAt: number
}

/** Fact `proposals`: those that are open, of one branch of one repository. */
export interface ProposalsFact {
  repository: string
  branch: string
  proposals: ProposalRecord[]
  protection?: Protection
}

/** The branch takes changes by pull request alone; a commit is tried again at `until` (milliseconds since the epoch). */
export interface Protection {
  reason: string
  until: number
}
