import type { MergeResult } from '#lib/ports/git-host.ts'
import type { GitHubClient } from './client.ts'
import { GitHubRefusal } from './github-fault.ts'

export async function closePullRequest(client: GitHubClient, number: number): Promise<void> {
  await client.call('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { pull_number: number, state: 'closed' })
}

/** GitHub answers 409 where the head is another by now, 405 where it may not be merged as it is. */
export async function mergePullRequest(client: GitHubClient, number: number, head: string): Promise<MergeResult> {
  try {
    const merged = await client.call('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', {
      pull_number: number,
      sha: head,
      merge_method: 'merge',
    })
    return { kind: 'merged', commit: merged.sha }
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    if (error.status === 409) return { kind: 'moved' }
    if (error.status === 405 || error.status === 403 || error.status === 422)
      return { kind: 'refused', reason: error.words }
    throw error
  }
}
