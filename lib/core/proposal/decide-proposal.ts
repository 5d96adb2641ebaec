import type { ProposalAction, ProposalSeen } from './types.ts'

/**
 * The next thing to do for one branch of ours and its pull request. Pure: what people did at the host counts before what is
 * wanted by now, and a branch that somebody else pushed to is never written over.
 */
export function decideProposal({ made, pullRequest, wanted, merge }: ProposalSeen): ProposalAction {
  if (made && pullRequest) {
    const { state, number, head } = pullRequest
    if (state.kind === 'merged') return { kind: 'merged', commit: state.commit }
    if (state.kind === 'closed') return { kind: 'declined', number }
    if (head !== made.commit) return { kind: 'leave', number }
  }
  if (!wanted) return { kind: 'end' }
  const conflicts = pullRequest?.state.kind === 'open' && pullRequest.state.conflicts === true
  if (!made || made.content !== wanted.content || conflicts) return { kind: 'push', after: made?.commit }
  return merge && pullRequest ? { kind: 'merge', number: pullRequest.number, head: made.commit } : { kind: 'keep' }
}
