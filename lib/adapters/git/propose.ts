import type { CommitRequest, CommitResult } from '#lib/ports/config-repository.ts'
import { gitFault } from './classify-git-error.ts'
import type { Mirror } from './mirror.ts'
import { pushCommit } from './push-commit.ts'
import { makeCommit } from './write-commit.ts'

/** Only inside `exclusively`. */
export async function propose(
  mirror: Mirror,
  { branch, after, ...request }: CommitRequest & { branch: string; after: string | undefined },
  committer: { name: string; email: string },
): Promise<CommitResult> {
  const { commit } = await makeCommit(mirror, request, committer)
  return (await pushCommit(mirror, `refs/heads/${branch}`, after, commit)).result
}

/** Where a branch stands at the remote, with its commit in the mirror. Only inside `exclusively`. */
export async function readBranch(mirror: Mirror, branch: string): Promise<string | undefined> {
  const [remote, local] = [`refs/heads/${branch}`, `refs/wheelhouse/proposed/${branch}`]
  const result = await mirror.fetch([`+${remote}:${local}`], (stderr) => /couldn't find remote ref/.test(stderr))
  if (result.code === 0) return mirror.commitOf(local)
  if (!(await mirror.isAbsent(remote))) throw gitFault('The repository cannot be read', result.stderr)
  return undefined
}

/** Only inside `exclusively`. */
export async function removeBranch(mirror: Mirror, branch: string, at: string): Promise<void> {
  await pushCommit(mirror, `refs/heads/${branch}`, at, '')
}
