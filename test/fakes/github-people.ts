import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The part of GitHub (Enterprise Server) that tells who somebody is: OAuth with PKCE, user, e-mails, organisations, teams. */
export interface GithubPeople {
  url: string
  user: { id: number; login: string; name: string | null }
  emails: { email: string; primary: boolean; verified: boolean }[]
  organisations: string[]
  /** `organisation/slug`. */
  teams: string[]
  /** Scopes the last person was asked for. */
  scope: string
  close(): Promise<void>
}

export const githubClient = { clientId: 'client-of-the-test', clientSecret: 'secret-of-the-client' }

export async function startGithubPeople(): Promise<GithubPeople> {
  const challenges = new Map<string, string>()
  const tokens = new Set<string>()
  const github: GithubPeople = {
    url: '',
    user: { id: 7, login: 'ann', name: 'Ann Smith' },
    emails: [{ email: 'Ann@example.com', primary: true, verified: true }],
    organisations: ['acme'],
    teams: ['acme/devs'],
    scope: '',
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  const server = createServer((request, response) => {
    answer(github, challenges, tokens, request, response).catch(() => send(response, 500, {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  github.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return github
}

async function answer(
  github: GithubPeople,
  challenges: Map<string, string>,
  tokens: Set<string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', github.url)
  if (url.pathname === '/login/oauth/authorize') {
    const code = randomUUID()
    challenges.set(code, url.searchParams.get('code_challenge') ?? '')
    github.scope = url.searchParams.get('scope') ?? ''
    const back = new URL(url.searchParams.get('redirect_uri') ?? '')
    back.search = new URLSearchParams({ code, state: url.searchParams.get('state') ?? '' }).toString()
    return void response.writeHead(302, { location: back.href }).end()
  }
  if (url.pathname === '/login/oauth/access_token') {
    const form = new URLSearchParams(await bodyOf(request))
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const good = challenges.get(form.get('code') ?? '') === verifier
    // GitHub says 200 to everything here.
    if (!good || form.get('client_secret') !== githubClient.clientSecret)
      return send(response, 200, { error: 'bad_verification_code' })
    const token = randomUUID()
    tokens.add(token)
    return send(response, 200, { access_token: token, token_type: 'bearer', scope: github.scope })
  }
  if (!tokens.has(request.headers.authorization?.replace(/^Bearer /, '') ?? '')) return send(response, 401, {})
  const found = {
    '/api/v3/user': github.user,
    '/api/v3/user/emails': github.emails,
    '/api/v3/user/orgs': github.organisations.map((login) => ({ login })),
    '/api/v3/user/teams': github.teams.map((team) => {
      const [login, slug] = team.split('/')
      return { slug, organization: { login } }
    }),
  }[url.pathname]
  send(response, found ? 200 : 404, found ?? {})
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
