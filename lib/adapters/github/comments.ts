import type { GitHubClient } from './client.ts'

/** An HTML comment: Markdown shows nothing of it. */
function markerOf(name: string): string {
  return `<!-- wheelhouse:${name} -->`
}

export async function keepComment(client: GitHubClient, number: number, name: string, text: string): Promise<void> {
  const marker = markerOf(name)
  const body = `${text}\n\n${marker}`
  const comments = await client.readAll('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    issue_number: number,
  })
  const ours = comments.find((comment) => comment.body?.trimEnd().endsWith(marker))
  if (!ours) {
    await client.call('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { issue_number: number, body })
  } else if (ours.body !== body) {
    await client.call('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { comment_id: ours.id, body })
  }
}
