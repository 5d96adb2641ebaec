import { ApiProblem, loginOf, notFound, pageOf, type ApiCall, type Handler } from '../api-call.ts'
import { statusEvent } from '../events.ts'
import type { OperationName } from '../operations.ts'
import { checkRunReply, deploymentReply, deploymentStatusReply, statusReply } from '../replies.ts'
import type { Deployment, GitHubState, Status } from '../state.ts'

/** GitHub takes no longer description of a status. */
const descriptionLength = 140

const createStatus: Handler = async (github, { params, body, caller }) => {
  const sha = await github.bare.find(`${params['sha']}^{commit}`)
  if (sha === undefined) throw new ApiProblem(422, `No commit found for SHA: ${params['sha']}`)
  const given = body as { state: string; context?: string; description?: string; target_url?: string }
  refuseLong(given.description)
  const status: Status = {
    id: github.nextId(),
    sha,
    state: given.state,
    context: given.context ?? 'default',
    description: given.description ?? null,
    targetUrl: given.target_url ?? null,
    author: loginOf(caller),
  }
  github.statuses.push(status)
  github.hooks.emit('status', statusEvent(github, status))
  return { status: 201, body: statusReply(github, status) }
}

const listStatuses: Handler = async (github, { params, query }) => {
  const sha = await github.bare.find(`${params['ref']}^{commit}`)
  if (sha === undefined) throw notFound()
  const found = github.statuses.filter((status) => status.sha === sha).toReversed()
  return { status: 200, body: pageOf(found, query).map((status) => statusReply(github, status)) }
}

/** `latest`, as GitHub does unless told otherwise: the newest run of each name. */
const listCheckRuns: Handler = async (github, { params, query }) => {
  const sha = await github.bare.find(`${params['ref']}^{commit}`)
  if (sha === undefined) throw new ApiProblem(422, `No commit found for SHA: ${params['ref']}`)
  const newest = new Map(github.checkRuns.filter((run) => run.sha === sha).map((run) => [run.name, run]))
  const runs = [...newest.values()].toReversed()
  const body = { total_count: runs.length, check_runs: pageOf(runs, query).map((run) => checkRunReply(github, run)) }
  return { status: 200, body }
}

const createDeployment: Handler = async (github, { body, caller }) => {
  const given = body as { ref: string; environment?: string; description?: string; payload?: Deployment['payload'] }
  const sha = await github.bare.find(`${given.ref}^{commit}`)
  if (sha === undefined) throw new ApiProblem(422, `No ref found for: ${given.ref}`)
  refuseLong(given.description)
  const deployment: Deployment = {
    id: github.nextId(),
    sha,
    ref: given.ref,
    environment: given.environment ?? 'production',
    description: given.description ?? null,
    author: loginOf(caller),
    payload: given.payload ?? {},
    statuses: [],
  }
  github.deployments.push(deployment)
  return { status: 201, body: deploymentReply(github, deployment) }
}

const listDeployments: Handler = (github, { query }) => {
  const found = github.deployments.filter(
    ({ environment, sha }) =>
      [undefined, environment].includes(query['environment']) && [undefined, sha].includes(query['sha']),
  )
  return { status: 200, body: pageOf(found.toReversed(), query).map((one) => deploymentReply(github, one)) }
}

const createDeploymentStatus: Handler = (github, { params, body, caller }) => {
  const deployment = deploymentOf(github, params)
  const given = body as { state: string; description?: string; log_url?: string; auto_inactive?: boolean }
  refuseLong(given.description)
  const made = (state: string, description = '', logUrl = '') => {
    return { id: github.nextId(), state, description, logUrl, author: loginOf(caller) }
  }
  const status = made(given.state, given.description, given.log_url)
  if (given.state === 'success' && given.auto_inactive !== false)
    for (const earlier of github.deployments) {
      if (earlier === deployment || earlier.environment !== deployment.environment) continue
      if (earlier.statuses.at(-1)?.state === 'success') earlier.statuses.push(made('inactive'))
    }
  deployment.statuses.push(status)
  return { status: 201, body: deploymentStatusReply(github, status) }
}

const listDeploymentStatuses: Handler = (github, { params, query }) => {
  const { statuses } = deploymentOf(github, params)
  return { status: 200, body: pageOf(statuses.toReversed(), query).map((one) => deploymentStatusReply(github, one)) }
}

function deploymentOf(github: GitHubState, params: ApiCall['params']): Deployment {
  const deployment = github.deployments.find(({ id }) => id === Number(params['deployment_id']))
  if (!deployment) throw notFound()
  return deployment
}

function refuseLong(description: string | undefined): void {
  if ((description?.length ?? 0) > descriptionLength)
    throw new ApiProblem(422, 'Validation Failed', ['description is too long (maximum is 140 characters)'])
}

export const deploymentRoutes = {
  'POST /repos/{owner}/{repo}/statuses/{sha}': createStatus,
  'GET /repos/{owner}/{repo}/commits/{ref}/statuses': listStatuses,
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs': listCheckRuns,
  'POST /repos/{owner}/{repo}/deployments': createDeployment,
  'GET /repos/{owner}/{repo}/deployments': listDeployments,
  'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': createDeploymentStatus,
  'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': listDeploymentStatuses,
} satisfies Partial<Record<OperationName, Handler>>
