import type { GitHubClient } from './client.ts'
import { GitHubRefusal } from './github-fault.ts'

/** Where a branch stands now; undefined = there is none. */
export async function headOf(client: GitHubClient, branch: string): Promise<string | undefined> {
  return (await readRef(client, `heads/${branch}`))?.sha
}

/** What a ref names, which for a tag may be an object of its own; undefined = there is none. */
export async function readRef(client: GitHubClient, ref: string): Promise<{ sha: string; type: string } | undefined> {
  try {
    return (await client.read('GET /repos/{owner}/{repo}/git/ref/{ref}', { ref })).object
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 404) return undefined
    throw error
  }
}

/** GitHub knows a commit by its first digits: 422 = none, or not one alone. */
export async function findCommit(client: GitHubClient, name: string): Promise<string | undefined> {
  try {
    return (await client.read('GET /repos/{owner}/{repo}/commits/{ref}', { ref: name, per_page: 1 })).sha
  } catch (error) {
    if (error instanceof GitHubRefusal && (error.status === 404 || error.status === 422)) return undefined
    throw error
  }
}

export async function keepBranch(client: GitHubClient, branch: string, commit: string): Promise<void> {
  const there = await headOf(client, branch)
  if (there === commit) return
  if (there === undefined)
    await client.call('POST /repos/{owner}/{repo}/git/refs', { ref: `refs/heads/${branch}`, sha: commit })
  else
    await client.call('PATCH /repos/{owner}/{repo}/git/refs/{ref}', {
      ref: `heads/${branch}`,
      sha: commit,
      force: true,
    })
}

export async function removeBranch(client: GitHubClient, branch: string): Promise<void> {
  try {
    await client.call('DELETE /repos/{owner}/{repo}/git/refs/{ref}', { ref: `heads/${branch}` })
  } catch (error) {
    if (!(error instanceof GitHubRefusal) || (error.status !== 404 && error.status !== 422)) throw error
  }
}
