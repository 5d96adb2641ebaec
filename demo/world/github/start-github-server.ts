import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerApi } from './answer-api.ts'
import { answerGit } from './answer-git.ts'
import { Description } from './description.ts'
import type { OperationName } from './operations.ts'
import { GitHubState, type GitHubOptions } from './state.ts'

/** GitHub as far as the product uses it: REST below `/api/v3`, as a GitHub Enterprise Server has it, and Git. */
export interface GitHubServer {
  url: string
  apiUrl: string
  /** Of the repository, without credentials. */
  gitUrl: string
  github: GitHubState
  /** The other repositories. */
  beside: GitHubState[]
  /** Every operation that was asked for, in order. */
  readonly operations: OperationName[]
  /** `304 operation` for every conditional call that nothing had changed for. */
  readonly conditional: string[]
  /** The Authorization headers of all requests. */
  readonly authorizations: string[]
  /** Calls and answers that are not in GitHub's description. */
  readonly complaints: string[]
  /** Resolves when no request and no webhook is under way any more. */
  settled(): Promise<void>
  /** Throws where there was a complaint: what the product asks for, GitHub would not understand. */
  stop(): Promise<void>
}

const apiPath = '/api/v3'
/** Read and compiled once for all servers of a process. */
let description: Description | undefined

export interface GitHubServerOptions extends GitHubOptions {
  /** Absent = a free one. */
  port?: number
  /** Told of every operation that is asked for, and of every complaint. */
  heard?(line: string): void
}

export async function startGitHubServer(options: GitHubServerOptions): Promise<GitHubServer> {
  const github = new GitHubState(options)
  const beside = (options.beside ?? []).map((one) => new GitHubState(one, github.identities))
  const repositories = [github, ...beside]
  await Promise.all(repositories.map(({ bare }) => bare.installHook()))
  const operations: OperationName[] = []
  const authorizations: string[] = []
  const complaints: string[] = []
  const conditional: string[] = []
  const api = {
    repositories,
    description: (description ??= new Description()),
    complain: (problem: string) => {
      complaints.push(problem)
      options.heard?.(`COMPLAINT ${problem}`)
    },
    heard: (operation: OperationName) => {
      operations.push(operation)
      options.heard?.(operation)
    },
    unchanged: (operation: OperationName) => void conditional.push(`304 ${operation}`),
  }
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    authorizations.push(request.headers.authorization ?? '')
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (!url.pathname.startsWith(`${apiPath}/`)) return answerGit(repositories, url, request, response)
    url.pathname = url.pathname.slice(apiPath.length)
    return answerApi(api, url, request, response)
  }
  const { server, answered } = createTrackedServer(answer, api.complain)
  const settled = async () => {
    await answered()
    await Promise.all(repositories.map(({ hooks }) => hooks.settled()))
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  for (const one of repositories) one.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: github.url,
    apiUrl: github.apiUrl,
    gitUrl: `${github.url}/${github.owner}/${github.name}.git`,
    github,
    beside,
    operations,
    authorizations,
    complaints,
    conditional,
    settled,
    async stop() {
      await settled()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      if (complaints.length > 0) throw new Error(`Not what GitHub describes:\n${complaints.join('\n')}`)
    },
  }
}

/** `answered` resolves when every request is answered, and what followed from it is done. */
function createTrackedServer(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  complain: (problem: string) => void,
) {
  const underWay = new Set<Promise<void>>()
  const server = createServer((request, response) => {
    const work: Promise<void> = answer(request, response)
      .catch((error: unknown) => {
        complain(String(error))
        response.destroy()
      })
      .finally(() => underWay.delete(work))
    underWay.add(work)
  })
  const answered = async () => {
    while (underWay.size > 0) await Promise.all(underWay)
  }
  return { server, answered }
}
