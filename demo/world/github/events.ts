import type { PushedRef } from '../git-backend.ts'
import { pullReply } from './replies.ts'
import type { GitHubState, Pull, Status } from './state.ts'

const nobody = '0'.repeat(40)
/** GitHub lists no more in one push. */
const listedCommits = 20

/** https://docs.github.com/webhooks/webhook-events-and-payloads#push */
export async function pushEvent(github: GitHubState, { ref, before, after }: PushedRef, by: string) {
  const [commits, isForward] = await Promise.all([
    after === nobody ? [] : commitsOf(github, before, after),
    before === nobody || after === nobody || github.bare.isAncestor(before, after),
  ])
  return {
    ref,
    before,
    after,
    base_ref: null,
    created: before === nobody,
    deleted: after === nobody,
    forced: !isForward,
    compare: `${github.url}/${github.owner}/${github.name}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits,
    head_commit: commits.at(-1) ?? null,
    repository: repositoryOf(github),
    pusher: { name: by, email: `${by}@users.noreply.github.test` },
    sender: accountOf(by),
  }
}

/** https://docs.github.com/webhooks/webhook-events-and-payloads#pull_request */
export async function pullRequestEvent(github: GitHubState, action: string, pull: Pull, by: string) {
  return {
    action,
    number: pull.number,
    pull_request: await pullReply(github, pull),
    repository: repositoryOf(github),
    sender: accountOf(by),
  }
}

/** https://docs.github.com/webhooks/webhook-events-and-payloads#status */
export function statusEvent(github: GitHubState, { id, sha, state, context, description, targetUrl, author }: Status) {
  return {
    id,
    sha,
    name: `${github.owner}/${github.name}`,
    context,
    state,
    description,
    target_url: targetUrl,
    branches: [],
    repository: repositoryOf(github),
    sender: accountOf(author),
  }
}

async function commitsOf(github: GitHubState, before: string, after: string) {
  const range = before === nobody ? [after] : [after, `^${before}`]
  const format = '--format=%H%x1f%T%x1f%an%x1f%ae%x1f%aI%x1f%B%x1e'
  const printed = await github.bare.git(['log', '--reverse', `--max-count=${listedCommits}`, format, ...range])
  return printed
    .split('\x1e')
    .map((entry) => entry.trim())
    .filter(Boolean)
    .map((entry) => {
      const [id, tree_id, name, email, timestamp, message = ''] = entry.split('\x1f')
      const author = { name, email }
      return { id, tree_id, distinct: true, message: message.trim(), timestamp, author, committer: author }
    })
}

function repositoryOf(github: GitHubState) {
  const { owner, name, url } = github
  return {
    id: 1,
    name,
    full_name: `${owner}/${name}`,
    private: true,
    owner: accountOf(owner),
    html_url: `${url}/${owner}/${name}`,
    clone_url: `${url}/${owner}/${name}.git`,
    default_branch: github.defaultBranch,
  }
}

function accountOf(login: string) {
  return { login, id: 1, type: login.endsWith('[bot]') ? 'Bot' : 'User' }
}
