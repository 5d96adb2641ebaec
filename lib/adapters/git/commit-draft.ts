import type { CommitResult } from '#lib/ports/config-repository.ts'

/** A commit that stands in the mirror and is to become the head of the branch. */
export interface CommitDraft {
  /** Its id, as long as nobody changes a byte on the way. */
  id: string
  /** Id of the whole tree it shows. */
  tree: string
  parent: string
  /** Id of the parent's tree. */
  parentTree: string
  files: { path: string; text: string; mode: '100644' | '100755' }[]
  message: string
  author: { name: string; email: string }
  committer: { name: string; email: string }
  /** Of author and committer, in seconds since the epoch, offset +0000. */
  madeAt: number
}

/** Moves the branch from `draft.parent` to it by compare-and-swap; may end in a commit of another id. */
export type DeliverCommit = (draft: CommitDraft) => Promise<CommitResult>
