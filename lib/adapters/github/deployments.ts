import type { CommitStatus, DeploymentState, NewDeployment } from '#lib/ports/git-host.ts'
import type { GitHubClient } from './client.ts'

/** GitHub takes no longer description. */
const descriptionLength = 140

export async function setStatus(client: GitHubClient, status: CommitStatus): Promise<void> {
  await client.call('POST /repos/{owner}/{repo}/statuses/{sha}', {
    sha: status.commit,
    state: status.state,
    context: status.name,
    description: shortened(status.description),
    ...(status.url === undefined ? {} : { target_url: status.url }),
  })
}

/** The commit as it is, whatever its checks say: what Wheelhouse deploys its own gates have let through. */
export async function createDeployment(client: GitHubClient, deployment: NewDeployment): Promise<string> {
  const made = await client.call('POST /repos/{owner}/{repo}/deployments', {
    ref: deployment.commit,
    environment: deployment.environment,
    description: shortened(deployment.description),
    payload: { wheelhouse: deployment.key },
    auto_merge: false,
    required_contexts: [],
  })
  // The other answer, 202, comes of `auto_merge` alone.
  if (!('id' in made)) throw new Error('GitHub merged instead of making a deployment.')
  return String(made.id)
}

/** GitHub lists the newest first. */
export async function findDeployment(
  client: GitHubClient,
  { commit, environment, key }: Pick<NewDeployment, 'commit' | 'environment' | 'key'>,
): Promise<string | undefined> {
  const made = await client.readAll('GET /repos/{owner}/{repo}/deployments', { sha: commit, environment })
  const found = made.find(({ payload }) => keyOf(payload) === key)
  return found && String(found.id)
}

/** GitHub gives back what it was given, or the text of it. */
function keyOf(payload: unknown): unknown {
  if (typeof payload === 'object' && payload !== null) return (payload as Record<string, unknown>)['wheelhouse']
  return undefined
}

/** Several releases live in one environment: one that succeeds makes no other inactive by itself. */
export async function setDeploymentState(client: GitHubClient, id: string, state: DeploymentState): Promise<void> {
  await client.call('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
    deployment_id: Number(id),
    state: state.state,
    description: shortened(state.description),
    auto_inactive: false,
    ...(state.url === undefined ? {} : { log_url: state.url }),
  })
}

function shortened(text: string): string {
  return text.length <= descriptionLength ? text : `${text.slice(0, descriptionLength - 1)}…`
}
