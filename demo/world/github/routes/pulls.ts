import { ApiProblem, loginOf, notFound, pageOf, type ApiCall, type Handler } from '../api-call.ts'
import { pullRequestEvent } from '../events.ts'
import type { OperationName } from '../operations.ts'
import { pullReply } from '../replies.ts'
import type { GitHubState, Pull } from '../state.ts'

const list: Handler = async (github, { query }) => {
  const { state = 'open', head, base, direction } = query
  const found = github.pulls.filter((pull) => {
    const isHead = head === undefined || head === `${github.owner}:${pull.head}`
    return isHead && (base === undefined || base === pull.base) && (state === 'all' || state === pull.state)
  })
  // By the time they were made, newest first unless asked otherwise.
  if (direction !== 'asc') found.reverse()
  return { status: 200, body: await Promise.all(pageOf(found, query).map((pull) => pullReply(github, pull))) }
}

const create: Handler = async (github, { body, caller }) => {
  const { title, body: text = null, head, base } = body as { title: string; body?: string; head: string; base: string }
  const branch = head.replace(`${github.owner}:`, '')
  const [headCommit, baseCommit] = await Promise.all(
    [branch, base].map((name) => github.bare.find(`refs/heads/${name}`)),
  )
  if (headCommit === undefined || baseCommit === undefined)
    throw new ApiProblem(422, 'Validation Failed', [
      `PullRequest ${headCommit === undefined ? 'head' : 'base'} is invalid`,
    ])
  if (await github.bare.isAncestor(headCommit, baseCommit))
    throw new ApiProblem(422, 'Validation Failed', [`No commits between ${base} and ${branch}`])
  if (github.pulls.some((pull) => pull.state === 'open' && pull.head === branch && pull.base === base))
    throw new ApiProblem(422, 'Validation Failed', [`A pull request already exists for ${github.owner}:${branch}.`])
  const pull: Pull = {
    number: github.pulls.length + 1,
    title,
    body: text,
    head: branch,
    base,
    state: 'open',
    author: loginOf(caller),
    createdAt: new Date().toISOString(),
  }
  github.pulls.push(pull)
  await tell(github, 'opened', pull, loginOf(caller))
  return { status: 201, body: await pullReply(github, pull) }
}

const get: Handler = async (github, { params }) => ({
  status: 200,
  body: await pullReply(github, pullOf(github, params)),
})

const update: Handler = async (github, { params, body, caller }) => {
  const pull = pullOf(github, params)
  const { title, body: text, base, state } = body as Partial<Pick<Pull, 'title' | 'body' | 'base' | 'state'>>
  if (title !== undefined) pull.title = title
  if (text !== undefined) pull.body = text
  if (base !== undefined) pull.base = base
  if (state === 'closed' && pull.state === 'open') await closePull(github, pull, loginOf(caller))
  return { status: 200, body: await pullReply(github, pull) }
}

/** Closes it by hand, without merging. */
export async function closePull(github: GitHubState, pull: Pull, by: string): Promise<void> {
  pull.closedHead = await github.bare.find(`refs/heads/${pull.head}`)
  pull.state = 'closed'
  await tell(github, 'closed', pull, by)
}

const merge: Handler = async (github, { params, body, caller }) => {
  const { sha, merge_method: method = 'merge' } = body as { sha?: string; merge_method?: string }
  if (method === 'merge' && !github.allowsMergeCommits)
    throw new ApiProblem(405, 'Merge commits are not allowed on this repository.')
  await assertChecked(github, pullOf(github, params))
  const commit = await mergePull(github, pullOf(github, params), loginOf(caller), sha, method)
  return { status: 200, body: { sha: commit, merged: true, message: 'Pull Request successfully merged' } }
}

/** What protection rules ask for: the newest status of each name. */
async function assertChecked(github: GitHubState, pull: Pull): Promise<void> {
  const head = await github.bare.find(`refs/heads/${pull.head}`)
  for (const name of github.requiredChecks) {
    const newest = github.statuses.findLast(({ sha, context }) => sha === head && context === name)
    if (newest?.state === 'success') continue
    const words = newest === undefined ? 'expected' : newest.state === 'pending' ? 'pending' : 'failing'
    throw new ApiProblem(405, `Required status check "${name}" is ${words}.`)
  }
}

/** Makes the merge commit as GitHub does. `head`: only while the branch still stands there. */
export async function mergePull(
  github: GitHubState,
  pull: Pull,
  by: string,
  head?: string,
  method = 'merge',
): Promise<string> {
  const { bare } = github
  const [ours = '', theirs = ''] = await Promise.all(
    [pull.base, pull.head].map((name) => bare.find(`refs/heads/${name}`)),
  )
  if (head !== undefined && head !== theirs)
    throw new ApiProblem(409, 'Head branch was modified. Review and try the merge again.')
  const tree = pull.state === 'open' ? await bare.mergedTree(ours, theirs) : undefined
  if (tree === undefined) throw new ApiProblem(405, 'Pull Request is not mergeable')
  const at = new Date().toISOString()
  const author = { name: by, email: `${by}@users.noreply.github.test`, date: at }
  const committer = { name: 'GitHub', email: 'noreply@github.test', date: at }
  const message = `Merge pull request #${pull.number} from ${github.owner}/${pull.head}\n\n${pull.title}`
  // Rebased or squashed, which is the same for one commit: its message stays, the other side of the history does not.
  const own = method === 'merge' ? undefined : await bare.git(['log', '-1', '--format=%B', theirs])
  const made =
    own === undefined
      ? { tree, parents: [ours, theirs], author, committer, message }
      : { tree, parents: [ours], author, committer, message: own }
  const commit = await bare.makeCommit(made)
  const ref = `refs/heads/${pull.base}`
  if (!(await bare.moveRef(ref, commit, ours))) throw new ApiProblem(409, 'Base branch was modified.')
  pull.closedHead = theirs
  pull.state = 'closed'
  pull.merged = { commit, by, at }
  await github.pushed({ ref, before: ours, after: commit }, by)
  await tell(github, 'closed', pull, by)
  return commit
}

const files: Handler = async (github, { params, query }) => {
  const pull = pullOf(github, params)
  const head = pull.closedHead ?? (await github.bare.find(`refs/heads/${pull.head}`)) ?? ''
  const changed = await github.bare.changedFiles(`refs/heads/${pull.base}`, head)
  const entries = changed.map(({ status, path, sha }) => ({ filename: path, status, sha }))
  return { status: 200, body: pageOf(entries, query) }
}

function pullOf(github: GitHubState, params: ApiCall['params']): Pull {
  const pull = github.pulls.find(({ number }) => number === Number(params['pull_number']))
  if (!pull) throw notFound()
  return pull
}

async function tell(github: GitHubState, action: string, pull: Pull, by: string): Promise<void> {
  github.hooks.emit('pull_request', await pullRequestEvent(github, action, pull, by))
}

export const pullRoutes = {
  'GET /repos/{owner}/{repo}/pulls': list,
  'POST /repos/{owner}/{repo}/pulls': create,
  'GET /repos/{owner}/{repo}/pulls/{pull_number}': get,
  'PATCH /repos/{owner}/{repo}/pulls/{pull_number}': update,
  'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge': merge,
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/files': files,
} satisfies Partial<Record<OperationName, Handler>>
