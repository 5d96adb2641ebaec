import type { WorkerDeps } from '#lib/operations/work/deps.ts'
import { proposalBranches, runProposal } from '#lib/operations/work/run-proposal.ts'
import { keyedQueue, type KeyedQueue } from './keyed-queue.ts'

/** Pull requests of ours, each by its branch; '' finds out which there are. */
export function proposalQueue(deps: WorkerDeps) {
  const proposing: KeyedQueue = keyedQueue({
    log: deps.log,
    clock: deps.clock,
    name: 'propose',
    concurrency: 1,
    async run(branch) {
      if (branch === '') {
        for (const each of await proposalBranches(deps)) proposing.wake(each)
        return
      }
      const again = await runProposal(deps, branch)
      if (again !== undefined) proposing.wakeAt(branch, again)
    },
  })
  return proposing
}
