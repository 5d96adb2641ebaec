import type { CommitRequest } from '#lib/ports/config-repository.ts'
import type { GitHost, PullRequest } from '#lib/ports/git-host.ts'
import type { ProposalRecord, WriteRequest } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { keepProposal, type ProposalGroup } from './proposals.ts'

/** One proposal with what is known of it; `host` is there. */
export interface ProposalWork {
  branch: string
  host: GitHost
  group: ProposalGroup | undefined
  made: ProposalRecord | undefined
  pullRequest: PullRequest | undefined
}

/** What is to stand on its branch. */
export interface Wanted {
  content: string
  commit: CommitRequest
  included: WriteRequest[]
}

/** What keeps a proposal from going on; its promotion is looked at again with that. */
export async function noteProblem(deps: WorkerDeps, made: ProposalRecord, problem: string | undefined): Promise<void> {
  const latest = deps.memory.proposals.get(made.branch) ?? made
  if (latest.problem === problem) return
  await keepProposal(deps, { ...latest, problem })
  if (made.scope.kind === 'promotion') deps.wakeups.wake('promote', made.scope.promotion)
}
