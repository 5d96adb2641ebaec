export { branchOf, type ProposalScope } from './branch-of.ts'
export { decideProposal } from './decide-proposal.ts'
export { checkOf, escape, gatesCheck, planComment, type PromotionToldOf } from './proposal-text.ts'
export type { ProposalAction, ProposalCheck, ProposalSeen, PullRequestSeen } from './types.ts'
