import { isRefName } from '#lib/core/connection/index.ts'
import type { RepositoryHead } from '#lib/ports/config-repository.ts'
import { gitFault } from './classify-git-error.ts'
import type { Mirror } from './mirror.ts'

const missingRef = /couldn't find remote ref (refs\/\S+)/

/** Remote ref → where the mirror keeps it. */
export function localRefOf(remoteRef: string): string {
  return remoteRef.replace(/^refs\/heads\//, 'refs/remotes/origin/')
}

/**
 * Brings the branch, and every other branch or tag that `resolve` was ever asked for, into the mirror by one `git fetch`.
 * Only inside `exclusively`.
 */
export async function fetchBranch(mirror: Mirror, followed: Set<string>): Promise<RepositoryHead | undefined> {
  const branchRef = `refs/heads/${mirror.options.branch}`
  const known = await mirror.head()
  for (;;) {
    const refspecs = [branchRef, ...followed].map((ref) => `+${ref}:${localRefOf(ref)}`)
    const result = await mirror.fetch(refspecs, (stderr) => missingRef.test(stderr))
    if (result.code === 0) break
    const missing = missingRef.exec(result.stderr)?.[1]
    if (missing === branchRef) {
      if (await mirror.isAbsent(branchRef)) return undefined
      continue
    }
    if (missing === undefined || !followed.delete(missing))
      throw gitFault('The repository cannot be fetched', result.stderr)
    await mirror.git(['update-ref', '-d', localRefOf(missing)])
  }
  const commit = await mirror.head()
  if (commit === undefined) return undefined
  if (known === undefined || known === commit || (await isAncestor(mirror, known, commit))) {
    return { commit, forced: false }
  }
  // History pages and rollbacks still refer to it, so it must outlive the next packing.
  await mirror.git(['update-ref', `refs/wheelhouse/kept/${known}`, known])
  return { commit, forced: true }
}

/** False also where the mirror does not have one of the commits. */
export async function isAncestor(mirror: Mirror, ancestor: string, descendant: string): Promise<boolean> {
  if (ancestor === descendant) return true
  const reader = await mirror.reader()
  // The common case, a push of one commit, needs one question and no further child.
  const raw = (await reader.contents(descendant))?.contents.toString('latin1') ?? ''
  if (raw.split('\n\n', 1)[0]?.split('\n').includes(`parent ${ancestor}`)) return true
  await mirror.requireCommit(descendant)
  if ((await mirror.commitOf(ancestor)) !== ancestor) return false
  const result = await mirror.tryGit(['merge-base', '--is-ancestor', ancestor, descendant])
  return result.code === 0
}

/** Branches and tags other than the branch that an earlier run already followed. */
export async function followedRefs(mirror: Mirror): Promise<Set<string>> {
  const listed = await mirror.git(['for-each-ref', '--format=%(refname)', 'refs/remotes/origin', 'refs/tags'])
  const refs = listed
    .toString('utf8')
    .split('\n')
    .filter((ref) => ref !== '' && ref !== mirror.trackingRef)
  return new Set(refs.map((ref) => ref.replace(/^refs\/remotes\/origin\//, 'refs/heads/')))
}

/** The commit that a branch, tag or (abbreviated) commit id means; asks the remote only for what the mirror lacks. */
export async function resolveRef(mirror: Mirror, followed: Set<string>, ref: string): Promise<string | undefined> {
  if (/^[0-9a-f]{40}$/.test(ref)) {
    return (await mirror.commitOf(ref)) ?? mirror.exclusively(() => fetchCommit(mirror, ref))
  }
  const candidates = candidateRefs(ref === 'HEAD' ? mirror.options.branch : ref, mirror.options.branch)
  for (const candidate of candidates) {
    const commit = await mirror.commitOf(localRefOf(candidate))
    if (commit !== undefined) return commit
  }
  if (/^[0-9a-f]{7,39}$/.test(ref)) {
    const commit = await mirror.commitOf(ref)
    if (commit !== undefined) return commit
  }
  if (candidates.length === 0) return undefined
  return mirror.exclusively(() => fetchNamed(mirror, followed, candidates))
}

async function fetchCommit(mirror: Mirror, id: string): Promise<string | undefined> {
  const refspec = `+${id}:refs/wheelhouse/kept/${id}`
  const result = await mirror.fetch([refspec], (stderr) =>
    /not our ref|unadvertised object|remote error: .*not|couldn't find remote ref/i.test(stderr),
  )
  return result.code === 0 ? mirror.commitOf(id) : undefined
}

async function fetchNamed(
  mirror: Mirror,
  followed: Set<string>,
  candidates: readonly string[],
): Promise<string | undefined> {
  const listing = await mirror.tryGit(['ls-remote', '--quiet', 'origin', ...candidates])
  if (listing.code !== 0) throw gitFault('The repository cannot be read', listing.stderr)
  const lines = listing.stdout.toString('utf8').split('\n')
  const offered = new Set(lines.map((line) => line.split('\t')[1]))
  const chosen = candidates.find((candidate) => offered.has(candidate))
  if (chosen === undefined) {
    await mirror.isAbsent(candidates[0] ?? '')
    return undefined
  }
  const result = await mirror.fetch([`+${chosen}:${localRefOf(chosen)}`], (stderr) => missingRef.test(stderr))
  if (result.code !== 0) return undefined
  if (chosen !== `refs/heads/${mirror.options.branch}`) followed.add(chosen)
  return mirror.commitOf(localRefOf(chosen))
}

/** Our own branch first, then tags before branches, as Git reads a short name. */
function candidateRefs(ref: string, branch: string): string[] {
  if (!isRefName(ref)) return []
  if (ref.startsWith('refs/heads/') || ref.startsWith('refs/tags/')) return [ref]
  const both = [`refs/tags/${ref}`, `refs/heads/${ref}`]
  return ref === branch ? both.toReversed() : both
}
