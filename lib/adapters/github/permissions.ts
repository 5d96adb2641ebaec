import type { HostPermissions } from '#lib/ports/git-host.ts'
import type { GitHubClient } from './client.ts'
import { GitHubRefusal } from './github-fault.ts'

/** What commits, promotions and the checks of pull requests take; `write` holds `read`. */
const needed = { contents: 'write', pull_requests: 'write', statuses: 'write', deployments: 'write' } as const

export async function readPermissions(client: GitHubClient): Promise<HostPermissions> {
  const [missing, budget] = await Promise.all([missingOf(client), budgetOf(client)])
  return { missing, budget }
}

/** An App has what it was installed with; of a token only its account's right to push is told. */
async function missingOf(client: GitHubClient): Promise<string[]> {
  if (client.credentials.kind === 'token') {
    const { permissions } = await client.call('GET /repos/{owner}/{repo}', {})
    return permissions?.push === true ? [] : ['contents: write']
  }
  const { permissions } = await client.callAsApp('GET /repos/{owner}/{repo}/installation', {})
  const given: Record<string, string | undefined> = { ...permissions }
  return Object.entries(needed)
    .filter(([name, level]) => given[name] !== level)
    .map(([name, level]) => `${name}: ${level}`)
}

/** An Enterprise Server without limits answers 404. */
async function budgetOf(client: GitHubClient): Promise<HostPermissions['budget']> {
  try {
    const { rate } = await client.call('GET /rate_limit', {})
    return { limit: rate.limit, left: rate.remaining, resetAt: rate.reset * 1000 }
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 404) return undefined
    throw error
  }
}
