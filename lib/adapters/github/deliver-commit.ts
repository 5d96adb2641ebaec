import { isProtection, type CommitDraft } from '#lib/adapters/git/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { CommitResult } from '#lib/ports/config-repository.ts'
import type { GitHubClient } from './client.ts'
import { GitHubRefusal } from './github-fault.ts'
import { headOf } from './refs.ts'

/**
 * Makes the same commit once more at GitHub, by its Git data API, and moves the branch to it. The tree's id proves that
 * GitHub has every byte and mode that was decided. `force: false` and a look at the head while the commit is made are the
 * compare-and-swap: a child of `parent` is a fast-forward only from there or from what `parent` itself descends from.
 */
export async function deliverCommit(client: GitHubClient, branch: string, draft: CommitDraft): Promise<CommitResult> {
  try {
    const tree = await client.call('POST /repos/{owner}/{repo}/git/trees', {
      base_tree: draft.parentTree,
      tree: draft.files.map(({ path, mode, text }) => ({ path, mode, type: 'blob', content: text })),
    })
    if (tree.sha !== draft.tree)
      throw new Fault('internal', 'GitHub made another tree than was decided. The branch was left as it is.')
    const [commit, head] = await Promise.all([makeCommit(client, draft), headOf(client, branch)])
    if (head !== draft.parent) return { kind: 'moved' }
    await client.call('PATCH /repos/{owner}/{repo}/git/refs/{ref}', {
      ref: `heads/${branch}`,
      sha: commit,
      force: false,
    })
    return { kind: 'committed', commit }
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    return readRefusal(client, branch, draft, error)
  }
}

async function makeCommit(client: GitHubClient, draft: CommitDraft): Promise<string> {
  const date = new Date(draft.madeAt * 1000).toISOString().replace('.000', '')
  const made = await client.call('POST /repos/{owner}/{repo}/git/commits', {
    message: draft.message,
    tree: draft.tree,
    parents: [draft.parent],
    author: { ...draft.author, date },
    committer: { ...draft.committer, date },
  })
  return made.sha
}

/** 409 = the repository was emptied; 422 may be due to a head, or to objects, that are gone by now. */
async function readRefusal(
  client: GitHubClient,
  branch: string,
  draft: CommitDraft,
  refusal: GitHubRefusal,
): Promise<CommitResult> {
  const { status, words, message } = refusal
  if (status === 409 || /not a fast.?forward/i.test(words)) return { kind: 'moved' }
  if (isProtection(words)) return { kind: 'protected', reason: words }
  if (status === 422 && (await headOf(client, branch)) !== draft.parent) return { kind: 'moved' }
  return { kind: 'refused', reason: [message, refusal.suggestion].filter((words) => words !== undefined).join(' ') }
}
