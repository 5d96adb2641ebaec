import type { Comparison } from '#lib/ports/source-host.ts'
import type { GitHubClient } from './client.ts'

const pageSize = 100
const maxPages = 10

/** GitHub tells the files with the first page alone. */
export async function compareCommits(client: GitHubClient, base: string, head: string): Promise<Comparison> {
  const first = await readPage(client, base, head, 1)
  const commits = [...first.commits]
  for (let page = 2; commits.length < first.total_commits && page <= maxPages; page += 1)
    commits.push(...(await readPage(client, base, head, page)).commits)
  return {
    commits: commits.map(({ sha, html_url: url, commit: { message, author } }) => ({
      sha,
      message,
      author: author?.name ?? '',
      email: author?.email ?? '',
      url,
    })),
    count: first.total_commits,
    files: first.files?.length ?? 0,
  }
}

function readPage(client: GitHubClient, base: string, head: string, page: number) {
  const parameters = { basehead: `${base}...${head}`, per_page: pageSize, page }
  return client.read('GET /repos/{owner}/{repo}/compare/{basehead}', parameters)
}
