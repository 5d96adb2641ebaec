import type { WorkerDeps } from './deps.ts'
import { proposalAudit } from './push-proposal.ts'
import { noteProblem, type ProposalWork } from './proposal-work.ts'

/** Has the host merge it, only while its branch is what was agreed to. Returns whether it did. */
export async function mergeProposal(
  deps: WorkerDeps,
  { host, made }: ProposalWork,
  { number, head }: { number: number; head: string },
): Promise<boolean> {
  if (!made) return false
  const intent = `merge:${made.branch}:${head}`
  const row = { ...proposalAudit(deps, { ...made, number }), intent }
  // Tried again under its intent until it ends.
  if (made.problem === undefined) await deps.store.record([{ ...row, kind: 'proposal.merge.intent', commit: head }])
  deps.lease.assertHeld()
  deps.step('proposal.before-merge')
  const result = await host.mergePullRequest(number, head)
  deps.step('proposal.merged')
  switch (result.kind) {
    case 'merged':
      await deps.store.record([{ ...row, kind: 'proposal.merge.done', commit: result.commit }])
      return true
    case 'moved':
      await noteProblem(deps, made, `Its branch was pushed to while it was merged.`)
      return false
    case 'refused':
      await noteProblem(deps, made, `Its host does not merge it: ${result.reason}`)
      return false
  }
}
