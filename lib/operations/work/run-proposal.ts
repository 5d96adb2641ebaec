import { canonicalDigest } from '#lib/core/audit/index.ts'
import { decideProposal, type PullRequestSeen } from '#lib/core/proposal/index.ts'
import type { PullRequest } from '#lib/ports/git-host.ts'
import type { WriteRequest } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { editAtHead, type Batch } from './edit-batch.ts'
import { declined, merged, withdrawn } from './end-proposal.ts'
import { mergeProposal } from './merge-proposal.ts'
import { noteUnwritable } from './note-unwritable.ts'
import { noteProblem, type ProposalWork, type Wanted } from './proposal-work.ts'
import { groupProposals } from './proposals.ts'
import { pushProposal } from './push-proposal.ts'
import { tellProposal } from './tell-proposal.ts'
import { commitRequest, settleRequests } from './write-commits.ts'

/** Its host tells of what people do there; what gets lost is found after this. */
const lookAgainMs = 60_000

/** Branches that a proposal stands on, or is to. */
export async function proposalBranches(deps: Pick<WorkerDeps, 'store' | 'memory' | 'gitHost'>): Promise<string[]> {
  if (!deps.gitHost) return []
  const groups = groupProposals(deps, await deps.store.pendingWrites())
  return [...new Set([...groups.keys(), ...deps.memory.proposals.keys()])]
}

/**
 * One round of one proposal: observe its pull request and what waits, decide, act. Returns when to look again
 * (milliseconds since the epoch); undefined = there is nothing on that branch any more.
 */
export async function runProposal(deps: WorkerDeps, branch: string): Promise<number | undefined> {
  const host = deps.gitHost
  if (!host) return undefined
  const made = deps.memory.proposals.get(branch)
  const group = groupProposals(deps, await deps.store.pendingWrites()).get(branch)
  if (!made && !group) return undefined
  const pullRequest = made?.number === undefined ? undefined : await host.pullRequest(made.number)
  const work: ProposalWork = { branch, host, group, made, pullRequest }
  const wanted = group && pullRequest?.state.kind !== 'merged' ? await whatToPropose(deps, group.requests) : undefined
  const action = decideProposal({
    made,
    pullRequest: pullRequest && seenOf(pullRequest),
    wanted,
    merge: isToBeMerged(deps, work),
  })
  switch (action.kind) {
    case 'merged':
      await merged(deps, work, action.commit)
      break
    case 'declined':
      await declined(deps, work, action.number)
      break
    case 'end':
      await withdrawn(deps, work)
      break
    case 'leave':
      await leave(deps, work)
      break
    case 'push':
      if (wanted && (await pushProposal(deps, work, { ...wanted, after: action.after })))
        return runProposal(deps, branch)
      break
    case 'keep':
      await tellProposal(deps, work)
      break
    case 'merge':
      await tellProposal(deps, work)
      if (await mergeProposal(deps, work, action)) return runProposal(deps, branch)
      break
  }
  return deps.memory.proposals.has(branch) || group ? deps.clock.now() + lookAgainMs : undefined
}

/** The edits at the head of the branch; what no longer applies there ends. Nothing where nothing is left. */
async function whatToPropose(deps: WorkerDeps, requests: readonly WriteRequest[]): Promise<Wanted | undefined> {
  const head = await deps.git.head()
  if (!head) return undefined
  const batch: Batch = await editAtHead(deps, head.commit, requests)
  await settleRequests(deps, batch, head.commit)
  await noteUnwritable(deps, batch, head.commit, head.commit)
  if (batch.included.length === 0) return undefined
  const commit = commitRequest(deps, head.commit, batch)
  const content = canonicalDigest([commit.files.map(({ path, text }) => [path, text]), commit.message])
  return { content, commit, included: batch.included }
}

function seenOf({ number, head, state }: PullRequest): PullRequestSeen {
  return { number, head, state }
}

/** Its promotion is being written: the gates are open and somebody asked for it, for this very plan. */
function isToBeMerged({ memory }: WorkerDeps, { group, made }: ProposalWork): boolean {
  const scope = group?.scope ?? made?.scope
  const promotion = scope?.kind === 'promotion' ? memory.promotions.get(scope.promotion) : undefined
  return promotion?.state === 'writing' && promotion.facts.merge === promotion.planDigest
}

async function leave(deps: WorkerDeps, work: ProposalWork): Promise<void> {
  const { made, pullRequest } = work
  if (!made || !pullRequest) return
  const problem = `Somebody else pushed to ${made.branch}. Take that commit back, or close the pull request.`
  await tellProposal(deps, work, { state: 'failure', description: problem })
  await noteProblem(deps, made, problem)
}
