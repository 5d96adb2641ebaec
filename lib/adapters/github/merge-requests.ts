import type { PullRequest } from '#lib/ports/git-host.ts'
import type { MergeBranches } from '#lib/ports/source-host.ts'
import type { GitHubClient } from './client.ts'
import { GitHubRefusal } from './github-fault.ts'
import { readPullRequest } from './pull-requests.ts'

type Request = MergeBranches & { title: string; text: string }

export async function findMerge(client: GitHubClient, branches: MergeBranches): Promise<PullRequest | undefined> {
  const number = await newestOf(client, branches, 'all')
  return number === undefined ? undefined : readPullRequest(client, number)
}

export async function keepMerge(client: GitHubClient, request: Request): Promise<PullRequest> {
  const open = await newestOf(client, request, 'open')
  if (open === undefined) return openMerge(client, request)
  const { title, text: body } = request
  const there = await readPullRequest(client, open)
  if (there.title === title && there.text === body) return there
  await client.call('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { pull_number: open, title, body })
  return readPullRequest(client, open)
}

async function openMerge(client: GitHubClient, request: Request): Promise<PullRequest> {
  const { title, text: body, head, base } = request
  try {
    const { number } = await client.call('POST /repos/{owner}/{repo}/pulls', { title, body, head, base })
    return await readPullRequest(client, number)
  } catch (error) {
    // Somebody was faster, or the answer to an earlier try was lost.
    const isThere = error instanceof GitHubRefusal && /already exists/i.test(error.words)
    const open = isThere ? await newestOf(client, request, 'open') : undefined
    if (open === undefined) throw error
    return readPullRequest(client, open)
  }
}

async function newestOf(
  client: GitHubClient,
  { head, base }: MergeBranches,
  state: 'open' | 'all',
): Promise<number | undefined> {
  const found = await client.read('GET /repos/{owner}/{repo}/pulls', {
    head: `${client.address.owner}:${head}`,
    base,
    state,
    sort: 'created',
    direction: 'desc',
    per_page: 1,
  })
  return found[0]?.number
}
