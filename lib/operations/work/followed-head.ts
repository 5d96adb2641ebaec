import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'store' | 'settings'>

const factName = 'followed-head'

interface FollowedHead {
  repository: string
  branch: string
  commit: string
}

/**
 * The head whose deletions were planned last, also by an earlier process; nothing after another repository or branch was
 * chosen or the database was lost: then no commit is known from which anything could have been removed (§9.19).
 */
export async function followedHead(deps: Deps): Promise<string | undefined> {
  const fact = (await deps.store.getFact(factName)) as Partial<FollowedHead> | null | undefined
  const { repository, branch } = deps.settings
  return fact?.repository === repository && fact.branch === branch ? fact.commit : undefined
}

export async function saveFollowedHead(deps: Deps, commit: string): Promise<void> {
  const { repository, branch } = deps.settings
  await deps.store.setFact(factName, { repository, branch, commit } satisfies FollowedHead)
}

/** Another repository or branch was followed last, and nothing of this one has been handed on yet. */
export async function followedAnother(deps: Deps): Promise<boolean> {
  const fact = (await deps.store.getFact(factName)) as Partial<FollowedHead> | null | undefined
  const { repository, branch } = deps.settings
  return fact?.commit !== undefined && (fact.repository !== repository || fact.branch !== branch)
}
