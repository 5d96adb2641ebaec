/** What a proposal brings, at the head of the branch it is for. */
export interface WantedProposal {
  /** Digest of the files as they are and as they would be, and of the commit's text. */
  content: string
}

/** A proposal as it was last made. */
export interface MadeProposal {
  /** Tip of its branch. */
  commit: string
  content: string
  /** Of its pull request; absent = not opened yet. */
  number?: number
}

/** The pull request as its host has it. */
export interface PullRequestSeen {
  number: number
  /** Commit of its branch. */
  head: string
  state: { kind: 'open'; conflicts: boolean | undefined } | { kind: 'merged'; commit: string } | { kind: 'closed' }
}

/** Everything `decideProposal` looks at. */
export interface ProposalSeen {
  made: MadeProposal | undefined
  pullRequest: PullRequestSeen | undefined
  /** undefined = nothing is left to be proposed. */
  wanted: WantedProposal | undefined
  /** Its gates are open and somebody asked for it: it is to be merged by us. */
  merge: boolean
}

export type ProposalAction =
  /** The branch has it: what was proposed ends with this commit. */
  | { kind: 'merged'; commit: string }
  /** Somebody closed it: what was proposed ends with that. */
  | { kind: 'declined'; number: number }
  /** Nothing is left to be proposed: branch and pull request go. */
  | { kind: 'end' }
  /** Somebody else pushed to its branch: it is left to people. */
  | { kind: 'leave'; number: number }
  /** A commit for its branch, which stands at `after`. */
  | { kind: 'push'; after: string | undefined }
  /** Only its words and its check may be out of date. */
  | { kind: 'keep' }
  | { kind: 'merge'; number: number; head: string }

/** What its check says at the host. */
export interface ProposalCheck {
  state: 'pending' | 'success' | 'failure'
  description: string
}
