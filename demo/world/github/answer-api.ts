import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiProblem, notFound, type ApiCall, type ApiReply, type Handler } from './api-call.ts'
import type { Description } from './description.ts'
import type { ApiFault } from './faults.ts'
import { findOperation, type FoundOperation } from './find-operation.ts'
import type { OperationName } from './operations.ts'
import { appRoutes, hourlyLimit } from './routes/apps.ts'
import { compareRoutes } from './routes/compare.ts'
import { deploymentRoutes } from './routes/deployments.ts'
import { gitDataRoutes } from './routes/git-data.ts'
import { issueRoutes } from './routes/issues.ts'
import { pullRoutes } from './routes/pulls.ts'
import type { GitHubState } from './state.ts'

const routes: Record<OperationName, Handler> = {
  ...appRoutes,
  ...compareRoutes,
  ...deploymentRoutes,
  ...gitDataRoutes,
  ...issueRoutes,
  ...pullRoutes,
}

export interface Api {
  /** The first one answers what is about no repository. */
  repositories: readonly GitHubState[]
  description: Description
  /** Told of every call and answer that is not in the description. */
  complain(problem: string): void
  /** Told of every operation before it is answered. */
  heard(operation: OperationName): void
  /** Told of every answer that was 304. */
  unchanged(operation: OperationName): void
}

interface Arrived {
  method: string
  url: URL
  headers: IncomingMessage['headers']
  body: unknown
}

/** Answers one call of the REST API; `url` is below the API's address. */
export async function answerApi(api: Api, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readJson(request)
  const arrived = { method: request.method ?? 'GET', url, headers: request.headers, body }
  const found = findOperation(arrived.method, url.pathname)
  if (!found) {
    api.complain(`unknown call ${arrived.method} ${url.pathname}`)
    send(response, { status: 501, body: { message: 'The test server does not know this call.' } }, arrived)
    return
  }
  api.heard(found.operation)
  const fault = await (repositoryOf(api, found.params) ?? firstOf(api)).faults.take(found.operation)
  if (fault?.kind === 'silence') return
  if (fault?.kind === 'lost-answer') await replyOf(api, found, arrived)
  const reply = fault ? faultReply(fault, url) : await replyOf(api, found, arrived)
  const problems = fault ? [] : api.description.checkReply(found.operation, reply.status, reply.body)
  for (const problem of problems) api.complain(problem)
  const sent = problems.length > 0 ? { status: 500, body: { message: problems.join('; ') } } : reply
  if (send(response, sent, arrived) === 304) api.unchanged(found.operation)
}

async function replyOf(api: Api, { operation, params }: FoundOperation, arrived: Arrived): Promise<ApiReply> {
  const { description } = api
  const query = Object.fromEntries(arrived.url.searchParams)
  try {
    const github = params.owner === undefined ? firstOf(api) : repositoryOf(api, params)
    if (!github) throw notFound()
    refuseFormer(github, params, arrived.url)
    const caller = github.identities.callerOf(arrived.headers.authorization ?? '')
    if (!caller) throw new ApiProblem(401, 'Bad credentials')
    const problems = description.checkCall(operation, { params, query, body: arrived.body })
    for (const problem of problems) api.complain(problem)
    if (problems.length > 0) throw new ApiProblem(422, problems.join('; '))
    if (arrived.method !== 'GET' && caller.kind === 'person' && !caller.mayWrite)
      throw new ApiProblem(403, 'Resource not accessible by personal access token')
    const call: ApiCall = { params, query, body: (arrived.body ?? {}) as ApiCall['body'], caller }
    const reply = await routes[operation](github, call)
    return { ...reply, body: description.fillReply(operation, reply.status, reply.body) }
  } catch (error) {
    if (error instanceof ApiProblem) return problemReply(error)
    if (error instanceof Moved) return { status: 301, body: moved(error.to), headers: { location: error.to } }
    api.complain(`${operation}: ${String(error)}`)
    return problemReply(new ApiProblem(500, String(error)))
  }
}

class Moved extends Error {
  readonly to: string

  constructor(to: string) {
    super(to)
    this.to = to
  }
}

function firstOf({ repositories }: Pick<Api, 'repositories'>): GitHubState {
  const [first] = repositories
  if (!first) throw new Error('this GitHub has no repository')
  return first
}

/** By owner and name, also by one that it had before. */
function repositoryOf({ repositories }: Pick<Api, 'repositories'>, params: Record<string, string>) {
  const { owner, repo = '' } = params
  return repositories.find((one) => one.owner === owner && (one.name === repo || one.formerNames.has(repo)))
}

/** A former name is sent on, whoever asks. */
function refuseFormer(github: GitHubState, { repo = '' }: Record<string, string>, url: URL): void {
  if (!github.formerNames.has(repo)) return
  throw new Moved(`${github.apiUrl}/repositories/1${url.pathname.split(`/${repo}`).slice(1).join('')}`)
}

function problemReply({ status, message, errors }: ApiProblem): ApiReply {
  const list = errors ? { errors: errors.map((text) => ({ resource: 'Resource', code: 'custom', message: text })) } : {}
  return {
    status,
    body: { message, ...list, documentation_url: 'https://docs.github.com/rest', status: String(status) },
  }
}

function moved(url: string) {
  return { message: 'Moved Permanently', url, documentation_url: 'https://docs.github.com/rest' }
}

function faultReply(fault: Exclude<ApiFault, { kind: 'silence' }>, url: URL): ApiReply {
  switch (fault.kind) {
    case 'primary-limit': {
      const reset = String(Math.ceil((Date.now() + fault.resetInMs) / 1000))
      const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }
      return { ...problemReply(new ApiProblem(403, 'API rate limit exceeded for installation ID 1.')), headers }
    }
    case 'secondary-limit': {
      const { status, retryAfterSeconds: after } = fault
      const headers: Record<string, string> = after === undefined ? {} : { 'retry-after': String(after) }
      return { ...problemReply(new ApiProblem(status, 'You have exceeded a secondary rate limit.')), headers }
    }
    case 'lost-answer':
      return { status: 502, body: { message: 'Server Error' } }
    case 'error':
      return { status: fault.status, body: { message: 'Server Error' } }
    case 'redirect':
      return { status: 302, body: {}, headers: { location: `${fault.to}${url.pathname}` } }
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  return text === '' ? undefined : (JSON.parse(text) as unknown)
}

/** Returns the status that was sent. */
function send(response: ServerResponse, reply: ApiReply, { method, headers }: Arrived): number {
  const text = reply.body === undefined ? '' : JSON.stringify(reply.body)
  const etag = `W/"${createHash('sha256').update(text).digest('hex')}"`
  const isKnown = method === 'GET' && reply.status === 200 && headers['if-none-match'] === etag
  const status = isKnown ? 304 : reply.status
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'x-github-request-id': 'TEST',
    'x-ratelimit-limit': String(hourlyLimit),
    'x-ratelimit-remaining': String(hourlyLimit - 1),
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 3600),
    ...(method === 'GET' && reply.status === 200 ? { etag } : {}),
    ...reply.headers,
  })
  response.end(isKnown ? '' : text)
  return status
}
