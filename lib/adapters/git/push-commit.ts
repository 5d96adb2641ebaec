import type { CommitResult } from '#lib/ports/config-repository.ts'
import { gitFault, readPush } from './classify-git-error.ts'
import type { Mirror } from './mirror.ts'

/**
 * Pushes a commit of the mirror by compare-and-swap: only if the remote ref still stands at `parent`, or where that is
 * undefined does not exist. An empty `commit` removes it. `stderr` is what Git said beside it. Throws Fault where it is not known how it ended.
 */
export async function pushCommit(
  mirror: Mirror,
  remoteRef: string,
  parent: string | undefined,
  commit: string,
): Promise<{ result: CommitResult; stderr: string }> {
  const lease = `--force-with-lease=${remoteRef}:${parent ?? ''}`
  const args = ['push', '--porcelain', '--no-verify', '--no-signed', lease, 'origin', `${commit}:${remoteRef}`]
  const { code, stdout, stderr } = await mirror.tryGit(args)
  const answer = readPush(code, stdout.toString('utf8'), stderr)
  switch (answer.kind) {
    case 'pushed':
      return { result: { kind: 'committed', commit }, stderr }
    case 'moved':
    case 'protected':
    case 'refused':
      return { result: answer, stderr }
    case 'failed':
      throw gitFault('The commit cannot be pushed', stderr)
  }
}
