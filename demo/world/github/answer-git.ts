import { basename, dirname } from 'node:path'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { serveGitCall, serviceAsked } from '../git-backend.ts'
import { protectedVariable } from './bare-repository.ts'
import { loginOf } from './api-call.ts'
import type { GitHubState } from './state.ts'

const gitPath = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack))$/

/** Git's smart HTTP at `/owner/name.git`, with tokens as passwords. */
export async function answerGit(
  repositories: readonly GitHubState[],
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, owner = '', name = '', rest = ''] = gitPath.exec(url.pathname) ?? []
  const github = repositories.find((one) => one.owner === owner && (one.name === name || one.formerNames.has(name)))
  const caller = repositories[0]?.identities.callerOf(request.headers.authorization ?? '')
  if (!caller || caller.kind === 'app') {
    request.resume()
    const body = 'remote: Invalid username or token. Password authentication is not supported for Git operations.\n'
    response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end(body)
    return
  }
  if (github?.formerNames.has(name)) {
    request.resume()
    const location = `${github.url}/${owner}/${github.name}.git${rest}${url.search}`
    response.writeHead(301, { location }).end()
    return
  }
  const isPush = serviceAsked(rest, url.searchParams) === 'git-receive-pack'
  const isAllowed = !isPush || caller.mayWrite
  if (!github || !isAllowed) {
    request.resume()
    const words = isAllowed ? 'Repository not found.' : `Permission to ${owner}/${name}.git denied to ${caller.login}.`
    response.writeHead(isAllowed ? 404 : 403, { 'content-type': 'text/plain' }).end(words)
    return
  }
  const branches = [...github.protectedBranches].map((branch) => `refs/heads/${branch}`)
  const pushed = await serveGitCall({
    directory: dirname(github.bare.path),
    path: `/${basename(github.bare.path)}${rest}`,
    query: url.search.slice(1),
    request,
    response,
    env: { [protectedVariable]: branches.join(' ') },
  })
  for (const ref of pushed) await github.pushed(ref, loginOf(caller))
}
