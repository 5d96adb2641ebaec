import type { CommitCheck } from '#lib/ports/git-host.ts'
import type { Answer, GitHubClient } from './client.ts'
import { GitHubRefusal } from './github-fault.ts'

type Status = Answer<'GET /repos/{owner}/{repo}/commits/{ref}/statuses'>[number]
type CheckRun = Answer<'GET /repos/{owner}/{repo}/commits/{ref}/check-runs'>['check_runs'][number]

const pageSize = 100

/**
 * Statuses and check runs are two things at GitHub and one for people; where both have a name, the worse word counts.
 * Asked on condition, so that what did not change costs no budget.
 */
export async function commitChecks(client: GitHubClient, commit: string): Promise<CommitCheck[]> {
  const [statuses, runs] = await Promise.all([
    client.readAll('GET /repos/{owner}/{repo}/commits/{ref}/statuses', { ref: commit }),
    runsOf(client, commit),
  ])
  const checks = new Map<string, CommitCheck>()
  // The newest first: older words of one name are history.
  for (const status of statuses) if (!checks.has(status.context)) checks.set(status.context, ofStatus(status))
  for (const run of runs) {
    const check = ofRun(run)
    const other = checks.get(check.name)
    if (!other || severity(check) > severity(other)) checks.set(check.name, check)
  }
  return [...checks.values()]
}

/** A credential may see statuses and no checks: then there are none. Of more than a page the first is looked at. */
async function runsOf(client: GitHubClient, commit: string): Promise<CheckRun[]> {
  try {
    const asked = { ref: commit, per_page: pageSize }
    return (await client.read('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', asked)).check_runs
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 403) return []
    throw error
  }
}

function ofStatus({ context, state, description, target_url: url }: Status): CommitCheck {
  return { name: context, state: stateOf(state), description: description ?? '', ...linkOf(url) }
}

function ofRun({ name, status, conclusion, output, details_url: url }: CheckRun): CommitCheck {
  const state = status === 'completed' ? stateOf(conclusion) : 'pending'
  return { name, state, description: output.title ?? conclusion ?? status, ...linkOf(url) }
}

/** GitHub lets merge what is neutral or was skipped; what asks for somebody is not over. */
function stateOf(word: string | null): CommitCheck['state'] {
  switch (word) {
    case 'success':
    case 'neutral':
    case 'skipped':
      return 'success'
    case 'error':
    case 'failure':
    case 'cancelled':
    case 'timed_out':
    case 'stale':
    case 'startup_failure':
      return 'failure'
    default:
      return 'pending'
  }
}

function severity({ state }: CommitCheck): number {
  return ['success', 'pending', 'failure'].indexOf(state)
}

function linkOf(url: string | null): Pick<CommitCheck, 'url'> {
  return url !== null && /^https?:\/\//i.test(url) ? { url } : {}
}
