import type { MergeResult } from '#lib/ports/git-host.ts'
import type { GitHubClient } from './client.ts'
import { GitHubRefusal } from './github-fault.ts'

export async function closePullRequest(client: GitHubClient, number: number): Promise<void> {
  await client.call('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { pull_number: number, state: 'closed' })
}

/** A merge commit keeps the commit with its trailers; a repository may allow the others alone. */
const methods = ['merge', 'rebase', 'squash'] as const

/** GitHub answers 409 where the head is another by now, 405 where it may not be merged as it is, or not in this way. */
export async function mergePullRequest(
  client: GitHubClient,
  number: number,
  head: string,
  [method, ...others]: readonly (typeof methods)[number][] = methods,
): Promise<MergeResult> {
  try {
    const merged = await client.call('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', {
      pull_number: number,
      sha: head,
      ...(method ? { merge_method: method } : {}),
    })
    return { kind: 'merged', commit: merged.sha }
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    const notThisWay =
      error.status === 405 && /(merge commits|rebase merges|squash merges) are not allowed/i.test(error.words)
    if (notThisWay && others.length > 0) return mergePullRequest(client, number, head, others)
    if (error.status === 409) return { kind: 'moved' }
    if (error.status === 405 || error.status === 403 || error.status === 422)
      return { kind: 'refused', reason: error.words }
    throw error
  }
}
