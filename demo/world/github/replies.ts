import type { Attempt } from './hooks.ts'
import type { CheckRun, Comment, Deployment, GitHubState, Pull, Status } from './state.ts'

/** What of an answer tells something; the description says what else there has to be. */

export function account(login: string) {
  return { login, type: login.endsWith('[bot]') ? 'Bot' : 'User' }
}

export function repositoryReply(github: GitHubState) {
  const { owner, name, url } = github
  return {
    id: 1,
    name,
    full_name: `${owner}/${name}`,
    private: true,
    owner: account(owner),
    url: github.repositoryUrl,
    html_url: `${url}/${owner}/${name}`,
    clone_url: `${url}/${owner}/${name}.git`,
    default_branch: github.defaultBranch,
    permissions: { admin: false, push: !github.withheld.has('contents'), pull: true },
  }
}

export function refReply(github: GitHubState, ref: string, sha: string, type = 'commit') {
  const object = { type, sha, url: `${github.repositoryUrl}/git/${type}s/${sha}` }
  return { ref, url: `${github.repositoryUrl}/git/${ref}`, object }
}

export async function pullReply(github: GitHubState, pull: Pull) {
  const { number, title, body, state, merged } = pull
  const { bare } = github
  const base = (await bare.find(`refs/heads/${pull.base}`)) ?? ''
  const head = pull.closedHead ?? (await bare.find(`refs/heads/${pull.head}`)) ?? ''
  const isMergeable = state === 'open' ? (await bare.mergedTree(base, head)) !== undefined : null
  return {
    number,
    title,
    body,
    state,
    merged: merged !== undefined,
    merged_at: merged?.at ?? null,
    merged_by: merged ? account(merged.by) : null,
    merge_commit_sha: merged?.commit ?? null,
    mergeable: isMergeable,
    mergeable_state: isMergeable === false ? 'dirty' : isMergeable ? 'clean' : 'unknown',
    user: account(pull.author),
    created_at: pull.createdAt,
    url: `${github.repositoryUrl}/pulls/${number}`,
    html_url: `${github.url}/${github.owner}/${github.name}/pull/${number}`,
    head: { ref: pull.head, sha: head, label: `${github.owner}:${pull.head}`, repo: repositoryReply(github) },
    base: { ref: pull.base, sha: base, label: `${github.owner}:${pull.base}`, repo: repositoryReply(github) },
  }
}

export function commentReply(github: GitHubState, comment: Comment) {
  return {
    id: comment.id,
    body: comment.body,
    user: account(comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    url: `${github.repositoryUrl}/issues/comments/${comment.id}`,
    issue_url: `${github.repositoryUrl}/issues/${comment.issue}`,
  }
}

export function statusReply(github: GitHubState, status: Status) {
  return {
    id: status.id,
    state: status.state,
    context: status.context,
    description: status.description,
    target_url: status.targetUrl,
    creator: account(status.author),
    url: `${github.repositoryUrl}/statuses/${status.sha}`,
  }
}

export function deploymentReply(github: GitHubState, deployment: Deployment) {
  return {
    id: deployment.id,
    sha: deployment.sha,
    ref: deployment.ref,
    environment: deployment.environment,
    description: deployment.description,
    payload: deployment.payload,
    creator: account(deployment.author),
    url: `${github.repositoryUrl}/deployments/${deployment.id}`,
  }
}

export function deploymentStatusReply(github: GitHubState, status: Deployment['statuses'][number]) {
  return {
    id: status.id,
    state: status.state,
    description: status.description,
    log_url: status.logUrl,
    creator: account(status.author),
  }
}

export function checkRunReply(github: GitHubState, run: CheckRun) {
  return {
    id: run.id,
    head_sha: run.sha,
    name: run.name,
    status: run.status,
    conclusion: run.conclusion,
    details_url: run.detailsUrl,
    output: { title: run.title },
    url: `${github.repositoryUrl}/check-runs/${run.id}`,
  }
}

export function attemptReply(attempt: Attempt) {
  return {
    id: attempt.id,
    guid: attempt.guid,
    delivered_at: attempt.deliveredAt,
    redelivery: attempt.isRedelivery,
    duration: 0.1,
    status: attempt.status >= 200 && attempt.status < 300 ? 'OK' : attempt.status === 0 ? 'failed to connect' : 'error',
    status_code: attempt.status,
    event: attempt.event,
    action: attempt.action,
  }
}
