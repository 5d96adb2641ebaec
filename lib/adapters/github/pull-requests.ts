import type { PullRequest, PullRequestState, PullRequestText } from '#lib/ports/git-host.ts'
import type { Answer, GitHubClient } from './client.ts'
import { GitHubRefusal } from './github-fault.ts'

type Whole = Answer<'GET /repos/{owner}/{repo}/pulls/{pull_number}'>

/** Only a pull request that is asked for by itself tells whether it has conflicts. */
export async function readPullRequest(client: GitHubClient, number: number): Promise<PullRequest> {
  const whole = await client.read('GET /repos/{owner}/{repo}/pulls/{pull_number}', { pull_number: number })
  return {
    number: whole.number,
    url: whole.html_url,
    branch: whole.head.ref,
    head: whole.head.sha,
    base: whole.base.ref,
    title: whole.title,
    text: whole.body ?? '',
    state: stateOf(whole),
  }
}

function stateOf(whole: Whole): PullRequestState {
  if (whole.merged) return { kind: 'merged', commit: whole.merge_commit_sha ?? '', by: whole.merged_by?.login }
  if (whole.state === 'closed') return { kind: 'closed' }
  return { kind: 'open', conflicts: whole.mergeable === null ? undefined : !whole.mergeable }
}

export async function findPullRequest(client: GitHubClient, branch: string): Promise<PullRequest | undefined> {
  const number = await newestOf(client, branch, 'all')
  return number === undefined ? undefined : readPullRequest(client, number)
}

export async function keepPullRequest(client: GitHubClient, request: PullRequestText): Promise<PullRequest> {
  const open = await newestOf(client, request.branch, 'open')
  if (open === undefined) return openPullRequest(client, request)
  const { title, text, base } = await readPullRequest(client, open)
  if (title !== request.title || text !== request.text || base !== request.base) {
    const { title, text: body, base } = request
    await client.call('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { pull_number: open, title, body, base })
  }
  return readPullRequest(client, open)
}

async function openPullRequest(client: GitHubClient, request: PullRequestText): Promise<PullRequest> {
  const { title, text: body, branch: head, base } = request
  try {
    const { number } = await client.call('POST /repos/{owner}/{repo}/pulls', { title, body, head, base })
    return await readPullRequest(client, number)
  } catch (error) {
    // Somebody was faster, or the answer to an earlier try was lost.
    const isThere = error instanceof GitHubRefusal && /already exists/i.test(error.words)
    const open = isThere ? await newestOf(client, head, 'open') : undefined
    if (open === undefined) throw error
    return readPullRequest(client, open)
  }
}

async function newestOf(client: GitHubClient, branch: string, state: 'open' | 'all'): Promise<number | undefined> {
  const found = await client.read('GET /repos/{owner}/{repo}/pulls', {
    head: `${client.address.owner}:${branch}`,
    state,
    sort: 'created',
    direction: 'desc',
    per_page: 1,
  })
  return found[0]?.number
}

export async function changedFiles(client: GitHubClient, number: number): Promise<string[]> {
  const files = await client.readAll('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', { pull_number: number })
  return files.map(({ filename }) => filename)
}
