import type { NewAudit, ProposalRecord, WriteRequest } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { forgetProposal, keepProposal } from './proposals.ts'
import type { ProposalWork, Wanted } from './proposal-work.ts'
import { settleAlerts } from './settle-alerts.ts'
import { auditOfWrite } from './write-audit.ts'

/** Puts the commit on its branch; returns whether it is there. What somebody else has put there stays. */
export async function pushProposal(
  deps: WorkerDeps,
  { branch, group, made }: ProposalWork,
  { content, commit, included, after }: Wanted & { after: string | undefined },
): Promise<boolean> {
  if (!group) return false
  const intent = `proposal:${branch}:${content}`
  const row = proposalAudit(deps, { branch, scope: group.scope, number: made?.number })
  const told = new Set(made?.writes)
  const waiting = included.filter(({ id }) => !told.has(id))
  const because = `It waits in a pull request from ${branch}.`
  await deps.store.record([
    { ...row, kind: 'proposal.intent', intent },
    ...waiting.map((one) => ({
      ...auditOfWrite(deps, one),
      kind: 'commit.waiting',
      reason: because,
      intent: undefined,
    })),
  ])
  deps.lease.assertHeld()
  const record: Omit<ProposalRecord, 'commit'> = {
    branch,
    scope: group.scope,
    title: titleOf(commit.message, included),
    content,
    number: made?.number,
    url: made?.url,
    writes: included.map(({ id }) => id),
    openedAt: made?.openedAt ?? deps.clock.now(),
  }
  const result = await deps.git.propose({ ...commit, branch, after })
  deps.step('proposal.pushed')
  switch (result.kind) {
    case 'committed':
      await keepProposal(deps, { ...record, commit: result.commit })
      await deps.store.record([{ ...row, kind: 'proposal.pushed', intent, commit: result.commit }])
      await tellOfBranch(deps, branch, undefined)
      return true
    case 'moved': {
      await deps.store.record([{ ...row, kind: 'proposal.interrupted', intent, reason: 'The branch stood elsewhere.' }])
      const standing = await deps.git.readBranch(branch)
      if (standing === undefined) {
        // Somebody removed it, which closes its pull request.
        if (made?.number === undefined) await forgetProposal(deps, branch)
        return made?.number === undefined
      }
      if (!(await isOurs(deps, standing, group.requests))) {
        await tellOfBranch(deps, branch, 'It is there already, and not by Wheelhouse. Remove it.')
        return false
      }
      // A push whose answer was lost, or that a worker before this one made: what it brings is looked at anew.
      await keepProposal(deps, { ...record, commit: standing, content: '' })
      return true
    }
    case 'protected':
    case 'refused':
      await deps.store.record([{ ...row, kind: 'proposal.failed', intent, reason: result.reason }])
      await tellOfBranch(deps, branch, result.reason)
      return false
  }
}

/** What it does, without what people said to it. */
function titleOf(message: string, requests: readonly WriteRequest[]): string {
  const words = new Set(requests.map((request) => request.message?.trim()))
  const said = message.split('\n\n').find((paragraph) => !words.has(paragraph)) ?? message
  return said.split('\n', 1)[0] ?? said
}

/** Whether a commit was made for one of these. */
async function isOurs(deps: WorkerDeps, commit: string, requests: readonly WriteRequest[]): Promise<boolean> {
  const lines = (await deps.git.commitInfo(commit)).message.split('\n')
  return requests.some(({ operation }) => lines.includes(`Wheelhouse-Op: ${operation}`))
}

/** One incident for a branch that cannot be pushed. */
async function tellOfBranch(deps: WorkerDeps, branch: string, reason: string | undefined): Promise<void> {
  const key = `propose ${deps.settings.repository} ${branch}`
  const alert = {
    key,
    kind: 'push-refused' as const,
    severity: 'critical' as const,
    title: `${branch} takes no push`,
    detail: `${reason ?? ''} What was decided waits and is tried again.`,
    nextStep: 'Let Wheelhouse push to branches below wheelhouse/.',
  }
  await settleAlerts(deps, key, { wanted: reason === undefined ? [] : [alert], kept: [] })
}

/** One row of the trail about a proposal. */
export function proposalAudit(
  deps: Pick<WorkerDeps, 'clock' | 'settings'>,
  { branch, scope, number }: Pick<ProposalRecord, 'branch' | 'scope' | 'number'>,
): NewAudit {
  return {
    at: deps.clock.now(),
    kind: '',
    actor: 'wheelhouse',
    subject: branch,
    environment: 'environment' in scope && scope.environment !== '' ? scope.environment : undefined,
    data: { number, promotion: scope.kind === 'promotion' ? scope.promotion : undefined },
  }
}
