import { ApiProblem, loginOf, notFound, type ApiCall, type Handler } from '../api-call.ts'
import type { Person, TreeChange } from '../bare-repository.ts'
import type { OperationName } from '../operations.ts'
import { refReply } from '../replies.ts'
import type { GitHubState } from '../state.ts'

type Entry = { path: string; mode: string; sha?: string | null; content?: string }

const getRef: Handler = async (github, { params }) => {
  await refuseEmpty(github)
  const ref = `refs/${params['ref']}`
  const sha = await github.bare.find(ref)
  if (sha === undefined) throw notFound()
  return { status: 200, body: refReply(github, ref, sha, await github.bare.git(['cat-file', '-t', sha])) }
}

const createRef: Handler = async (github, { body, caller }) => {
  const { ref, sha } = body as { ref: string; sha: string }
  if (!(await github.bare.find(`${sha}^{object}`))) throw new ApiProblem(422, 'Object does not exist')
  if (!(await github.bare.moveRef(ref, sha, undefined))) throw new ApiProblem(422, 'Reference already exists')
  await github.pushed({ ref, before: '0'.repeat(40), after: sha }, loginOf(caller))
  return { status: 201, body: refReply(github, ref, sha) }
}

/** GitHub looks whether it is a fast-forward before it looks whether it is allowed. */
const updateRef: Handler = async (github, { params, body, caller }) => {
  const ref = `refs/${params['ref']}`
  const { sha, force = false } = body as { sha: string; force?: boolean }
  const before = await github.bare.find(ref)
  if (before === undefined) throw new ApiProblem(422, 'Reference does not exist')
  if (!(await github.bare.find(`${sha}^{commit}`))) throw new ApiProblem(422, 'Object does not exist')
  const isForward = await github.bare.isAncestor(before, sha)
  if (!isForward && !force) throw new ApiProblem(422, 'Update is not a fast forward')
  refuseProtected(github, ref)
  if (!(await github.bare.moveRef(ref, sha, before))) throw new ApiProblem(422, 'Update is not a fast forward')
  await github.pushed({ ref, before, after: sha }, loginOf(caller))
  return { status: 200, body: refReply(github, ref, sha) }
}

const deleteRef: Handler = async (github, { params, caller }) => {
  const ref = `refs/${params['ref']}`
  const before = await github.bare.find(ref)
  // The description has no body for this one.
  if (before === undefined) return { status: 422 }
  refuseProtected(github, ref)
  await github.bare.git(['update-ref', '-d', ref, before])
  await github.pushed({ ref, before, after: '0'.repeat(40) }, loginOf(caller))
  return { status: 204 }
}

const createBlob: Handler = async (github, { body }) => {
  const { content, encoding } = body as { content: string; encoding?: string }
  const sha = await github.bare.makeBlob(content, encoding === 'base64' ? 'base64' : 'utf8')
  return { status: 201, body: { sha, url: `${github.repositoryUrl}/git/blobs/${sha}` } }
}

const createTree: Handler = async (github, { body }) => {
  await refuseEmpty(github)
  const { base_tree: base, tree } = body as { base_tree?: string; tree: Entry[] }
  if (base !== undefined && !(await github.bare.find(`${base}^{tree}`)))
    throw new ApiProblem(422, 'base_tree is not a valid tree oid')
  const sha = await github.bare.makeTree(base, await changesOf(github, tree))
  return { status: 201, body: { sha, url: `${github.repositoryUrl}/git/trees/${sha}`, truncated: false, tree: [] } }
}

async function changesOf(github: GitHubState, entries: readonly Entry[]): Promise<TreeChange[]> {
  const blobs = await github.bare.makeBlobs(entries.flatMap(({ content }) => content ?? []))
  return entries.map(({ path, mode, sha, content }) => {
    const made = content === undefined ? sha : blobs.shift()
    if (made === undefined) throw new ApiProblem(422, 'Must supply either tree.sha or tree.content')
    return { path, mode, sha: made }
  })
}

const createCommit: Handler = async (github, { body, caller }) => {
  const { message, tree, parents = [] } = body as { message: string; tree: string; parents?: string[] }
  const given = body as { author?: Partial<Person>; committer?: Partial<Person> }
  for (const parent of parents)
    if (!(await github.bare.find(`${parent}^{commit}`)))
      throw new ApiProblem(422, 'Parent SHA does not exist or is not a commit object')
  const author = personOf(given.author, caller)
  const committer = given.committer ? personOf(given.committer, caller) : author
  const sha = await github.bare.makeCommit({ message, tree, parents, author, committer })
  return { status: 201, body: await commitReply(github, sha) }
}

const getCommit: Handler = async (github, { params }) => {
  const sha = await github.bare.find(`${params['commit_sha']}^{commit}`)
  if (sha === undefined) throw notFound()
  return { status: 200, body: await commitReply(github, sha) }
}

const getBranch: Handler = async (github, { params }) => {
  const { branch = '' } = params
  const sha = await github.bare.find(`refs/heads/${branch}`)
  if (sha === undefined) throw new ApiProblem(404, 'Branch not found')
  const isProtected = github.protectedBranches.has(branch)
  return { status: 200, body: { name: branch, protected: isProtected, commit: { sha, commit: {} } } }
}

const getTag: Handler = async (github, { params }) => {
  const sha = params['tag_sha'] ?? ''
  const text = await github.bare.git(['cat-file', 'tag', sha]).catch(() => undefined)
  if (text === undefined) throw notFound()
  const field = (name: string) => new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1] ?? ''
  const object = { sha: field('object'), type: field('type'), url: `${github.repositoryUrl}/git/commits/${sha}` }
  const message = text.split('\n\n').slice(1).join('\n\n').trim()
  const url = `${github.repositoryUrl}/git/tags/${sha}`
  return { status: 200, body: { sha, tag: field('tag'), message, object, url } }
}

async function commitReply(github: GitHubState, sha: string) {
  const format = '--format=%T%x1f%P%x1f%an%x1f%ae%x1f%aI%x1f%cn%x1f%ce%x1f%cI%x1f%B'
  const printed = await github.bare.git(['show', '--no-patch', format, sha])
  const [tree, parents = '', name, email, date, byName, byEmail, byDate, message] = printed.split('\x1f')
  return {
    sha,
    message,
    tree: { sha: tree },
    parents: parents
      .split(' ')
      .filter(Boolean)
      .map((parent) => ({ sha: parent })),
    author: { name, email, date },
    committer: { name: byName, email: byEmail, date: byDate },
    url: `${github.repositoryUrl}/git/commits/${sha}`,
  }
}

function personOf(given: Partial<Person> | undefined, caller: ApiCall['caller']): Person {
  const login = loginOf(caller)
  const { name = login, email = `${login}@users.noreply.github.test`, date = new Date().toISOString() } = given ?? {}
  return { name, email, date }
}

async function refuseEmpty(github: GitHubState): Promise<void> {
  if (await github.bare.isEmpty()) throw new ApiProblem(409, 'Git Repository is empty.')
}

function refuseProtected(github: GitHubState, ref: string): void {
  if (!github.protectedBranches.has(ref.replace('refs/heads/', ''))) return
  throw new ApiProblem(422, `Protected branch update failed for ${ref}.`, [
    'Changes must be made through a pull request.',
  ])
}

export const gitDataRoutes = {
  'GET /repos/{owner}/{repo}/branches/{branch}': getBranch,
  'GET /repos/{owner}/{repo}/git/ref/{ref}': getRef,
  'POST /repos/{owner}/{repo}/git/refs': createRef,
  'PATCH /repos/{owner}/{repo}/git/refs/{ref}': updateRef,
  'DELETE /repos/{owner}/{repo}/git/refs/{ref}': deleteRef,
  'POST /repos/{owner}/{repo}/git/blobs': createBlob,
  'POST /repos/{owner}/{repo}/git/trees': createTree,
  'POST /repos/{owner}/{repo}/git/commits': createCommit,
  'GET /repos/{owner}/{repo}/git/commits/{commit_sha}': getCommit,
  'GET /repos/{owner}/{repo}/git/tags/{tag_sha}': getTag,
} satisfies Partial<Record<OperationName, Handler>>
