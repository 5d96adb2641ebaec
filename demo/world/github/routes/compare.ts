import { ApiProblem, notFound, pageOf, type Handler } from '../api-call.ts'
import type { OperationName } from '../operations.ts'
import { account } from '../replies.ts'
import type { GitHubState } from '../state.ts'

/** From where the branches part, as GitHub compares: what the head has and the base has not, oldest first. */
const compare: Handler = async (github, { params, query }) => {
  const { bare } = github
  const [base = '', head = ''] = await Promise.all(
    (params['basehead'] ?? '').split('...').map((name) => bare.find(`${name}^{commit}`)),
  )
  if (base === '' || head === '') throw notFound()
  const count = async (range: string) => Number(await bare.git(['rev-list', '--count', range]))
  const [ahead_by, behind_by] = [await count(`${base}..${head}`), await count(`${head}..${base}`)]
  const shas = (await bare.git(['rev-list', '--reverse', '--topo-order', `${base}..${head}`]))
    .split('\n')
    .filter(Boolean)
  const commits = await Promise.all(pageOf(shas, query).map((sha) => commitReply(github, sha)))
  const changed = (query['page'] ?? '1') === '1' ? await bare.changedFiles(base, head) : []
  const status = ahead_by > 0 ? (behind_by > 0 ? 'diverged' : 'ahead') : behind_by > 0 ? 'behind' : 'identical'
  const files = changed.map(({ status: change, path, sha }) => ({ filename: path, status: change, sha }))
  const mergeBase = await bare.git(['merge-base', base, head])
  const [base_commit, merge_base_commit] = [await commitReply(github, base), await commitReply(github, mergeBase)]
  const facts = { status, ahead_by, behind_by, total_commits: ahead_by, base_commit, merge_base_commit }
  return { status: 200, body: { ...facts, commits, files } }
}

const commit: Handler = async (github, { params }) => {
  const { ref = '' } = params
  const sha = await github.bare.find(`${ref}^{commit}`)
  if (sha === undefined) throw new ApiProblem(422, `No commit found for SHA: ${ref}`)
  return { status: 200, body: await commitReply(github, sha) }
}

const tags: Handler = async ({ bare, repositoryUrl }, { query }) => {
  const format = '%(refname:short) %(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)'
  const lines = (await bare.git(['for-each-ref', '--sort=-refname', `--format=${format}`, 'refs/tags'])).split('\n')
  const found = lines.filter(Boolean).map((line) => {
    const [name = '', sha = ''] = line.split(' ')
    return { name, commit: { sha, url: `${repositoryUrl}/commits/${sha}` } }
  })
  return { status: 200, body: pageOf(found, query) }
}

async function commitReply(github: GitHubState, sha: string) {
  const format = '--format=%T%x1f%an%x1f%ae%x1f%aI%x1f%B'
  const printed = await github.bare.git(['show', '--no-patch', format, sha])
  const [tree, name, email, date, message = ''] = printed.split('\x1f')
  const author = { name, email, date }
  return {
    sha,
    html_url: `${github.url}/${github.owner}/${github.name}/commit/${sha}`,
    url: `${github.repositoryUrl}/commits/${sha}`,
    commit: { message: message.trim(), author, committer: author, tree: { sha: tree } },
    author: account(github.owner),
    committer: account(github.owner),
    parents: [],
  }
}

export const compareRoutes = {
  'GET /repos/{owner}/{repo}/compare/{basehead}': compare,
  'GET /repos/{owner}/{repo}/commits/{ref}': commit,
  'GET /repos/{owner}/{repo}/tags': tags,
} satisfies Partial<Record<OperationName, Handler>>
