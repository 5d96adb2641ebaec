import { branchOf, type ProposalScope } from '#lib/core/proposal/index.ts'
import type { ProposalRecord, ProposalsFact, Protection, WriteRequest } from '#lib/ports/store/index.ts'
import { releaseBehind, type WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'store' | 'settings' | 'memory'>

const proposalsFact = 'proposals'

/** What is proposed on one branch. */
export interface ProposalGroup {
  scope: ProposalScope
  requests: WriteRequest[]
}

/** What does not go into the branch by a commit of ours, by the branch on which it is proposed. */
export function groupProposals(
  deps: Pick<WorkerDeps, 'memory'>,
  pending: readonly WriteRequest[],
): Map<string, ProposalGroup> {
  const groups = new Map<string, ProposalGroup>()
  for (const request of pending) {
    if (request.proposal === undefined && !deps.memory.protection) continue
    const scope = scopeOf(deps, request)
    const branch = branchOf(scope)
    const group = groups.get(branch) ?? { scope, requests: [] }
    group.requests.push(request)
    groups.set(branch, group)
  }
  return groups
}

function scopeOf(deps: Pick<WorkerDeps, 'memory'>, request: WriteRequest): ProposalScope {
  const environment = releaseBehind(deps, request.target.id)?.environment ?? ''
  if (request.proposal !== undefined) return { kind: 'promotion', environment, promotion: request.proposal }
  // What somebody wrote as a whole lets through nothing beside it.
  if (request.changes.some(({ kind }) => kind === 'file')) return { kind: 'file', write: request.id }
  return { kind: 'environment', environment }
}

export function branchOfPromotion({ id, environment }: { id: string; environment: string }): string {
  return branchOf({ kind: 'promotion', environment, promotion: id })
}

/** That of a promotion; undefined = it is not made yet. */
export function proposalOf(
  { memory }: Pick<WorkerDeps, 'memory'>,
  promotion: { id: string; environment: string },
): ProposalRecord | undefined {
  return memory.proposals.get(branchOfPromotion(promotion))
}

export async function keepProposal(deps: Deps, record: ProposalRecord): Promise<void> {
  deps.memory.proposals.set(record.branch, record)
  await keep(deps)
}

export async function forgetProposal(deps: Deps, branch: string): Promise<void> {
  if (deps.memory.proposals.delete(branch)) await keep(deps)
}

/** undefined = the branch takes our commits. */
export async function keepProtection(deps: Deps, protection: Protection | undefined): Promise<void> {
  if (!protection && !deps.memory.protection) return
  deps.memory.protection = protection
  await keep(deps)
}

async function keep({ store, settings, memory }: Deps): Promise<void> {
  const { repository, branch } = settings
  const { proposals, protection } = memory
  const fact: ProposalsFact = { repository, branch, proposals: [...proposals.values()], protection }
  await store.setFact(proposalsFact, fact)
}

/** Those that are open; nothing of another repository or branch. */
export async function loadProposals(deps: Deps): Promise<void> {
  const fact = (await deps.store.getFact(proposalsFact)) as Partial<ProposalsFact> | null | undefined
  const { repository, branch } = deps.settings
  if (fact?.repository !== repository || fact.branch !== branch) return
  for (const record of fact.proposals ?? []) deps.memory.proposals.set(record.branch, record)
  deps.memory.protection = fact.protection
}
