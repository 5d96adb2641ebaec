import type { Problem } from '#lib/core/problem/index.ts'
import type { InventoryRecord, ProposalRecord, SnapshotRecord, Store } from '#lib/ports/store/index.ts'
import { askSomewhere } from './caller.ts'
import type { Caller } from './caller.ts'
import { currentRepository, proposalsShown } from './facts.ts'
import type { RepositoryFact } from './facts.ts'
import type { ShownConfig } from './shown-config.ts'

export interface RepositoryView {
  url?: string
  branch: string
  sync: Pick<RepositoryFact, 'state' | 'reason'> & { fetchedAt?: number }
  head?: SnapshotRecord
  snapshots: SnapshotRecord[]
  problems: Problem[]
  unsupported: Problem[]
  proposals: OpenProposal[]
  /** Why the branch takes changes by pull request alone; absent = it takes commits, as far as known. */
  protection?: string
  inventory: { applied: number; problems: (Pick<InventoryRecord, 'object' | 'kind' | 'path'> & { problem: Problem })[] }
}

/** A pull request of ours; without `number` it is about to be opened. */
export interface OpenProposal extends Pick<
  ProposalRecord,
  'branch' | 'title' | 'number' | 'url' | 'problem' | 'openedAt'
> {
  promotion?: string
}

interface Deps {
  store: Pick<Store, 'getFact' | 'latestSnapshot' | 'listSnapshots' | 'listInventory'>
  shown: ShownConfig
}

/** Head, sync state and what is wrong in the config repository, by file and line. */
export async function getRepository(deps: Deps, caller: Caller): Promise<RepositoryView> {
  askSomewhere(caller, 'releases:read')
  const { repository = '', branch, clusterName } = deps.shown
  const [value, proposed, head, snapshots, inventory] = await Promise.all([
    deps.store.getFact('repository'),
    deps.store.getFact('proposals'),
    deps.store.latestSnapshot(repository),
    deps.store.listSnapshots(repository, 20),
    deps.store.listInventory(clusterName),
  ])
  const fact = currentRepository(value, deps.shown)
  return {
    url: fact?.url ?? deps.shown.repository,
    branch: fact?.branch ?? branch,
    sync: fact
      ? { state: fact.state, reason: fact.reason, fetchedAt: head?.fetchedAt ?? fact.at }
      : unknownSync(deps.shown, head),
    head,
    snapshots,
    problems: head?.problems ?? [],
    unsupported: head?.unsupported ?? [],
    ...proposalsOf(proposed, { repository, branch }),
    inventory: {
      applied: inventory.length,
      problems: inventory.flatMap(({ object, kind, path, problem }) =>
        problem ? [{ object, kind, path, problem }] : [],
      ),
    },
  }
}

function proposalsOf(
  value: unknown,
  of: { repository: string; branch: string },
): Pick<RepositoryView, 'proposals' | 'protection'> {
  const { proposals: known, protection } = proposalsShown(value, of)
  const proposals = known.map(({ branch, title, number, url, problem, openedAt, scope }) => ({
    branch,
    title,
    number,
    url,
    problem,
    openedAt,
    promotion: scope.kind === 'promotion' ? scope.promotion : undefined,
  }))
  return { proposals, protection: protection?.reason }
}

function unknownSync(shown: ShownConfig, head: SnapshotRecord | undefined): RepositoryView['sync'] {
  if (head) return { state: 'ready', fetchedAt: head.fetchedAt }
  if (shown.repository === undefined) {
    return { state: 'unconfigured', reason: 'No config repository is connected yet: Settings, Repository.' }
  }
  return { state: 'waiting', reason: 'The worker has not fetched it yet.' }
}
