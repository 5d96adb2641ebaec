import { ApiProblem, notFound, type ApiCall, type ApiReply, type Handler } from '../api-call.ts'
import type { OperationName } from '../operations.ts'
import { account, attemptReply, repositoryReply } from '../replies.ts'
import type { GitHubState } from '../state.ts'

/** What a token may call in an hour. */
export const hourlyLimit = 5000

const permissions = {
  contents: 'write',
  pull_requests: 'write',
  statuses: 'write',
  deployments: 'write',
  metadata: 'read',
}

const rateLimit: Handler = () => {
  const rate = { limit: hourlyLimit, remaining: hourlyLimit, used: 0, reset: Math.floor(Date.now() / 1000) + 3600 }
  return { status: 200, body: { rate, resources: { core: rate, search: rate } } }
}

const repository: Handler = (github) => ({ status: 200, body: repositoryReply(github) })

const installation: Handler = (github, { caller }) => {
  const installed = askApp(caller) && github.identities.installation()
  if (!installed) throw notFound()
  const { installationId: id, id: app_id, slug: app_slug } = installed
  const target = { account: account(github.owner), target_type: 'Organization', target_id: 1 }
  const given = Object.fromEntries(Object.entries(permissions).filter(([right]) => !github.withheld.has(right)))
  const body = { id, app_id, app_slug, ...target, permissions: given, repository_selection: 'selected' }
  return { status: 200, body }
}

const accessToken: Handler = (github, { params, caller }) => {
  const installed = askApp(caller) && github.identities.installation()
  if (installed?.installationId !== Number(params['installation_id'])) throw notFound()
  const { token, expiresAt } = github.identities.issueToken()
  return {
    status: 201,
    body: { token, expires_at: expiresAt.toISOString(), permissions, repository_selection: 'selected' },
  }
}

const listHooks: Handler = (github) => {
  const hooks = github.hooks.registered.map(({ url, events = ['*'] }, index) => {
    return {
      id: index + 1,
      type: 'Repository',
      name: 'web',
      active: true,
      events,
      config: { url, content_type: 'json' },
    }
  })
  return { status: 200, body: hooks }
}

const listDeliveries: Handler = (github, { params, query }) => {
  const hook = Number(params['hook_id']) - 1
  return newest(
    github,
    `${github.repositoryUrl}/hooks/${params['hook_id']}/deliveries`,
    query,
    (own) => own.hook === hook,
  )
}

const listAppDeliveries: Handler = (github, { query, caller }) => {
  askApp(caller)
  return newest(github, `${github.apiUrl}/app/hook/deliveries`, query, () => true)
}

const redeliver: Handler = (github, { params }) => {
  if (!github.hooks.redeliver(Number(params['delivery_id']))) throw notFound()
  return { status: 202, body: {} }
}

/** A page, newest first, and where the next one begins. */
function newest(
  github: GitHubState,
  url: string,
  query: ApiCall['query'],
  wanted: (attempt: GitHubState['hooks']['attempts'][number]) => boolean,
): ApiReply {
  const size = Number(query['per_page'] ?? 30)
  const before = Number(/^v1_(\d+)$/.exec(query['cursor'] ?? '')?.[1] ?? Infinity)
  const found = github.hooks.attempts.filter((attempt) => wanted(attempt) && attempt.id < before).toReversed()
  const page = found.slice(0, size)
  const next = `<${url}?per_page=${size}&cursor=v1_${page.at(-1)?.id}>; rel="next"`
  const headers: Record<string, string> = found.length > size ? { link: next } : {}
  return { status: 200, body: page.map(attemptReply), headers }
}

function askApp(caller: ApiCall['caller']): true {
  if (caller.kind !== 'app') throw new ApiProblem(401, 'A JSON web token could not be decoded')
  return true
}

export const appRoutes = {
  'GET /rate_limit': rateLimit,
  'GET /repos/{owner}/{repo}': repository,
  'GET /repos/{owner}/{repo}/installation': installation,
  'POST /app/installations/{installation_id}/access_tokens': accessToken,
  'GET /repos/{owner}/{repo}/hooks': listHooks,
  'GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries': listDeliveries,
  'POST /repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts': redeliver,
  'GET /app/hook/deliveries': listAppDeliveries,
  'POST /app/hook/deliveries/{delivery_id}/attempts': redeliver,
} satisfies Partial<Record<OperationName, Handler>>
