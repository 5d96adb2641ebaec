import type { Access, AccessTrial } from '#lib/ports/config-repository.ts'
import { gitFault, isRefusal, readPush } from './classify-git-error.ts'
import type { Mirror } from './mirror.ts'

/** Of nobody's concern: neither branch nor tag, and gone at once. */
const trialRef = 'refs/wheelhouse/trial'

/**
 * Lists the branch, then pushes an empty commit to a ref of its own and removes it; without `write` the remote is asked for
 * the push, and what it would take is not sent. Only inside `exclusively`.
 */
export async function tryAccess(
  mirror: Mirror,
  { write, key }: AccessTrial,
  committer: { name: string; email: string },
): Promise<Access> {
  const run = (args: readonly string[]) => mirror.tryGitWith(key, args)
  const listing = await run(['ls-remote', '--quiet', 'origin', `refs/heads/${mirror.options.branch}`])
  if (listing.code !== 0) {
    const fault = gitFault('The repository cannot be read', listing.stderr)
    if (!isRefusal(listing.stderr)) throw fault
    return { kind: 'none', reason: fault.message }
  }
  const commit = await emptyCommit(mirror, committer)
  const flags = ['--porcelain', '--no-verify', '--no-signed', ...(write ? [] : ['--dry-run'])]
  const pushed = await run(['push', ...flags, '--force', 'origin', `${commit}:${trialRef}`])
  const answer = readPush(pushed.code, pushed.stdout.toString('utf8'), pushed.stderr)
  switch (answer.kind) {
    case 'pushed':
      break
    case 'moved':
      return { kind: 'read', reason: 'Somebody else tried the same ref at this moment.' }
    case 'protected':
    case 'refused':
      return { kind: 'read', reason: answer.reason }
    case 'failed':
      throw gitFault('The push cannot be tried', pushed.stderr)
  }
  if (!write) return { kind: 'write' }
  const removed = await run(['push', '--porcelain', '--no-verify', 'origin', `:${trialRef}`])
  if (removed.code === 0) return { kind: 'write' }
  return { kind: 'read', reason: `${trialRef} was pushed, and cannot be removed again.` }
}

/** No file in it, no parent; Git forgets it by itself. */
async function emptyCommit(mirror: Mirror, { name, email }: { name: string; email: string }): Promise<string> {
  const tree = (await mirror.git(['mktree'], '')).toString('utf8').trim()
  const who = ['-c', `user.name=${name}`, '-c', `user.email=${email}`]
  const made = await mirror.git([...who, 'commit-tree', tree, '-F', '-'], 'Trying whether this may be pushed\n')
  return made.toString('utf8').trim()
}
