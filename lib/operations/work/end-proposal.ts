import type { Problem } from '#lib/core/problem/index.ts'
import type { ProposalRecord, WriteRequest } from '#lib/ports/store/index.ts'
import { releaseBehind, type WorkerDeps } from './deps.ts'
import { imageChanges, type Batch } from './edit-batch.ts'
import { noteUnwritable } from './note-unwritable.ts'
import { forgetProposal } from './proposals.ts'
import { proposalAudit } from './push-proposal.ts'
import { recordCommitted, settlePushes } from './record-commit.ts'
import type { ProposalWork } from './proposal-work.ts'
import { settleRequests } from './write-commits.ts'

/** The branch has it, by whoever merged it: by its trailers, or, where the host made another text of them, all of it. */
export async function merged(
  deps: WorkerDeps,
  { made, group, pullRequest }: ProposalWork,
  commit: string,
): Promise<void> {
  if (!made) return
  const head = await deps.git.fetch()
  const requests = inIt(made, group?.requests ?? [])
  const left = await settlePushes(deps, requests)
  if (left.length > 0 && head && (await deps.git.isAncestor(commit, head.commit)))
    await recordCommitted(deps, left, commit)
  else
    await refuse(deps, left, `It was merged as ${commit.slice(0, 7)}, which is no longer in ${deps.settings.branch}.`)
  const by = pullRequest?.state.kind === 'merged' ? pullRequest.state.by : undefined
  await end(deps, made, { kind: 'proposal.merged', commit, actor: by ?? 'wheelhouse' })
  deps.wakeups.wake('fetch', 'own')
  // It may have been deployed as somebody's push before this was known.
  for (const { target } of left) {
    const release = releaseBehind(deps, target.id)
    if (release) deps.wakeups.wake('release', release.id)
  }
}

/** What somebody closed is not asked for again, but for another tag or another document. */
export async function declined(deps: WorkerDeps, { made, group }: ProposalWork, number: number): Promise<void> {
  if (!made) return
  const because = `Pull request #${number} was closed without being merged.`
  const requests = inIt(made, group?.requests ?? [])
  const problem: Problem = {
    code: 'declined',
    severity: 'warning',
    message: because,
    suggestion: 'Release the tag by hand if it is wanted after all, or refuse it.',
  }
  const unwritable = requests
    .filter(({ kind }) => kind === 'auto-release')
    .flatMap((request) => imageChanges(request.changes).map((change) => ({ request, change, problem })))
  await refuse(deps, requests, because)
  const head = (await deps.git.head())?.commit
  if (head !== undefined) await noteUnwritable(deps, { ...none(), unwritable }, head, head)
  await end(deps, made, { kind: 'proposal.declined', reason: because })
}

/** Nothing of it is wanted any more. */
export async function withdrawn(deps: WorkerDeps, { made, host }: ProposalWork): Promise<void> {
  if (!made) return
  deps.lease.assertHeld()
  if (made.number !== undefined) await host.closePullRequest(made.number)
  await end(deps, made, { kind: 'proposal.withdrawn' })
}

function inIt({ writes }: ProposalRecord, requests: readonly WriteRequest[]): WriteRequest[] {
  return requests.filter(({ id }) => writes.includes(id))
}

function none(): Batch {
  return { files: new Map(), included: [], settled: [], unwritable: [] }
}

async function refuse(deps: WorkerDeps, requests: readonly WriteRequest[], because: string): Promise<void> {
  const settled = requests.map((request) => ({ request, because, state: 'refused' as const }))
  const head = (await deps.git.head())?.commit ?? ''
  await settleRequests(deps, { ...none(), settled }, head)
}

async function end(
  deps: WorkerDeps,
  made: ProposalRecord,
  row: { kind: string; commit?: string; actor?: string; reason?: string },
): Promise<void> {
  await deps.git.removeBranch(made.branch, made.commit)
  await deps.store.record([{ ...proposalAudit(deps, made), ...row }])
  await forgetProposal(deps, made.branch)
  deps.wakeups.wake('outbox')
  deps.wakeups.wake('propose', made.branch)
  if (made.scope.kind === 'promotion') deps.wakeups.wake('promote', made.scope.promotion)
}
