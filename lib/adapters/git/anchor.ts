import type { Anchor, AnchorRequest, CommitResult } from '#lib/ports/config-repository.ts'
import { gitFault } from './classify-git-error.ts'
import type { Mirror } from './mirror.ts'
import { pushCommit } from './push-commit.ts'

const missingRef = /couldn't find remote ref (refs\/\S+)/

/** Only inside `exclusively`. */
export async function readAnchor(mirror: Mirror, ref: string, name: string): Promise<Anchor | undefined> {
  const result = await mirror.fetch([`+${ref}:${ref}`], (stderr) => missingRef.test(stderr))
  if (result.code !== 0) {
    if (!(await mirror.isAbsent(ref))) throw gitFault('The repository cannot be read', result.stderr)
    return undefined
  }
  const commit = await mirror.commitOf(ref)
  if (commit === undefined) return undefined
  const file = await (await mirror.reader()).contents(`${commit}:${name}`)
  return { commit, text: file?.contents.toString('utf8') ?? '' }
}

/** Makes the commit without a work tree. The mirror's own ref follows at the next read. Only inside `exclusively`. */
export async function pushAnchor(
  mirror: Mirror,
  request: AnchorRequest,
  committer: { name: string; email: string },
): Promise<CommitResult> {
  const { ref, name, text, message, after } = request
  const printed = async (args: string[], input: string) => (await mirror.git(args, input)).toString('utf8').trim()
  const blob = await printed(['hash-object', '-w', '--stdin'], text)
  const tree = await printed(['mktree'], `100644 blob ${blob}\t${name}\n`)
  const who = ['-c', `user.name=${committer.name}`, '-c', `user.email=${committer.email}`]
  const parent = after === undefined ? [] : ['-p', after]
  const commit = await printed([...who, 'commit-tree', tree, ...parent, '-F', '-'], message)
  return (await pushCommit(mirror, ref, after, commit)).result
}
