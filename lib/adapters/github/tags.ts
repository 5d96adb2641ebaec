import type { GitHubClient } from './client.ts'
import { GitHubRefusal } from './github-fault.ts'
import { readRef } from './refs.ts'

/** At most 1,000. */
export async function listTags(client: GitHubClient): Promise<{ name: string; commit: string }[]> {
  const tags = await client.readAll('GET /repos/{owner}/{repo}/tags', {})
  return tags.map(({ name, commit }) => ({ name, commit: commit.sha }))
}

/** A tag with a message is an object of its own, which names the commit. */
export async function tagCommit(client: GitHubClient, name: string): Promise<string | undefined> {
  const object = await readRef(client, `tags/${name}`)
  if (object?.type !== 'tag') return object?.sha
  const tag = await client.read('GET /repos/{owner}/{repo}/git/tags/{tag_sha}', { tag_sha: object.sha })
  return tag.object.sha
}

export async function makeTag(client: GitHubClient, name: string, commit: string): Promise<boolean> {
  try {
    await client.call('POST /repos/{owner}/{repo}/git/refs', { ref: `refs/tags/${name}`, sha: commit })
    return true
  } catch (error) {
    if (error instanceof GitHubRefusal && /already exists/i.test(error.words)) return false
    throw error
  }
}
