import type { GitHost } from '#lib/ports/git-host.ts'
import { GitHubClient, type GitHubOptions } from './client.ts'
import { keepComment } from './comments.ts'
import { missedDeliveries, redeliver } from './deliveries.ts'
import { commitChecks } from './checks.ts'
import { createDeployment, findDeployment, setDeploymentState, setStatus } from './deployments.ts'
import { readPermissions } from './permissions.ts'
import { changedFiles, findPullRequest, keepPullRequest, readPullRequest } from './pull-requests.ts'
import { closePullRequest, mergePullRequest } from './end-pull-request.ts'

/** Pull requests, comments, statuses, checks, deployments and webhook deliveries of one repository at GitHub. */
export function createGitHost(options: GitHubOptions): GitHost {
  const client = new GitHubClient(options)
  return {
    findPullRequest: (branch) => findPullRequest(client, branch),
    keepPullRequest: (request) => keepPullRequest(client, request),
    pullRequest: (number) => readPullRequest(client, number),
    closePullRequest: (number) => closePullRequest(client, number),
    mergePullRequest: (number, head) => mergePullRequest(client, number, head),
    changedFiles: (number) => changedFiles(client, number),
    keepComment: (number, name, text) => keepComment(client, number, name, text),
    setStatus: (status) => setStatus(client, status),
    commitChecks: (commit) => commitChecks(client, commit),
    createDeployment: (deployment) => createDeployment(client, deployment),
    findDeployment: (deployment) => findDeployment(client, deployment),
    setDeploymentState: (id, state) => setDeploymentState(client, id, state),
    missedDeliveries: (hookUrl, since) => missedDeliveries(client, hookUrl, since),
    permissions: () => readPermissions(client),
    redeliver: (delivery) => redeliver(client, delivery),
  }
}
