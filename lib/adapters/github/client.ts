import type { request } from '@octokit/request'
import type { Endpoints } from '@octokit/types'
import type { Clock } from '#lib/ports/clock.ts'
import { createCredentials, type Credentials, type GitHubCredential } from './credentials.ts'
import { GitHubRefusal } from './github-fault.ts'
import { Remembered } from './remembered.ts'
import type { GitHubAddress } from './repository-address.ts'
import { guardedRequest } from './guarded-request.ts'

/** Routes of GitHub's OpenAPI description, as `POST /repos/{owner}/{repo}/git/trees`. */
export type Route = keyof Endpoints
export type Answer<R extends Route> = Endpoints[R]['response']['data']
/** Owner and repository are filled in. */
export type Parameters<R extends Route> = Omit<Endpoints[R]['parameters'], 'owner' | 'repo'>

export interface GitHubOptions {
  address: GitHubAddress
  credential: GitHubCredential
  clock: Clock
  /** Milliseconds until the whole answer is there. */
  timeoutMs: number
}

const pageSize = 100
/** More than a repository that is looked after has; nobody waits for the rest. */
const maxPages = 10

/**
 * One repository's API. Every call throws Fault: `git-unreachable`, `rate-limited` (retryable, with `retryAfterMs`), or
 * GitHubRefusal. While a limit lasts nothing is sent.
 */
export class GitHubClient {
  readonly address: GitHubAddress
  readonly credentials: Credentials
  readonly #send: typeof request
  readonly #remembered = new Remembered()

  constructor({ address, credential, clock, timeoutMs }: GitHubOptions) {
    this.address = address
    const asked = { repository: `${address.owner}/${address.repo}`, credential: credential.kind }
    this.#send = guardedRequest({ apiUrl: address.apiUrl, asked, clock, timeoutMs })
    this.credentials = createCredentials(credential, this.#send, (appToken) => this.#findInstallation(appToken))
  }

  /** A call that changes something, or whose answer is not worth remembering. */
  async call<R extends Route>(route: R, parameters: Parameters<R>): Promise<Answer<R>> {
    const { data } = await this.#withToken((token) => this.#ask(route, parameters, { authorization: `token ${token}` }))
    return data as Answer<R>
  }

  /** A GET that repeats: what did not change costs no budget. */
  async read<R extends Route>(route: R, parameters: Parameters<R>): Promise<Answer<R>> {
    return this.#withToken((token) =>
      this.#remembered.ask(`${route} ${JSON.stringify(parameters)}`, async (condition) =>
        this.#ask(route, parameters, { ...condition, authorization: `token ${token}` }),
      ),
    ) as Promise<Answer<R>>
  }

  /** All pages of a list, at most 1,000 entries. */
  async readAll<R extends Route>(route: R, parameters: Parameters<R>): Promise<Answer<R> & unknown[]> {
    const all: unknown[] = []
    for (let page = 1; page <= maxPages; page += 1) {
      const found = (await this.read(route, { ...parameters, per_page: pageSize, page })) as unknown[]
      all.push(...found)
      if (found.length < pageSize) break
    }
    return all as Answer<R> & unknown[]
  }

  /** One page of a list that goes on at a cursor; `undefined` = that was the last. `asApp`: about the GitHub App itself. */
  async page<R extends Route>(
    route: R,
    parameters: Parameters<R>,
    asApp: boolean,
  ): Promise<{ data: Answer<R>; next: string | undefined }> {
    const { data, headers } = asApp
      ? await this.#askAsApp(route, parameters)
      : await this.#withToken((token) => this.#ask(route, parameters, { authorization: `token ${token}` }))
    return { data: data as Answer<R>, next: nextCursor(headers.link) }
  }

  /** A call about the GitHub App itself. Throws GitHubRefusal where we are none. */
  async callAsApp<R extends Route>(route: R, parameters: Parameters<R>): Promise<Answer<R>> {
    return (await this.#askAsApp(route, parameters)).data as Answer<R>
  }

  /** An installation's token that is turned away may have been taken back alone: one more is asked for. */
  async #withToken<T>(work: (token: string) => Promise<T>): Promise<T> {
    try {
      return await work(await this.credentials.token())
    } catch (error) {
      const isWorthAnother = this.credentials.kind === 'app' && error instanceof GitHubRefusal && error.status === 401
      if (!isWorthAnother) throw error
      return work(await this.credentials.token(true))
    }
  }

  async #askAsApp(route: Route, parameters: object) {
    const token = await this.credentials.appToken()
    if (token === undefined) throw new GitHubRefusal(401, '', 'Only a GitHub App can ask this.')
    const headers = { authorization: `bearer ${token}` }
    return this.#send(route as string, { ...this.#placeOf(route), ...parameters, headers })
  }

  #ask(route: Route, parameters: object, headers: Record<string, string>) {
    return this.#send(route as string, { ...this.#placeOf(route), ...parameters, headers })
  }

  /** Where a route does not name the repository, these would go into the query. */
  #placeOf(route: string): { owner?: string; repo?: string } {
    const { owner, repo } = this.address
    return route.includes('{owner}') ? { owner, repo } : {}
  }

  async #findInstallation(appToken: string): Promise<number> {
    const { owner, repo } = this.address
    try {
      const headers = { authorization: `bearer ${appToken}` }
      return (await this.#send('GET /repos/{owner}/{repo}/installation', { owner, repo, headers })).data.id
    } catch (error) {
      if (!(error instanceof GitHubRefusal) || error.status !== 404) throw error
      const message = `The GitHub App is not installed at ${owner}/${repo} (any more).`
      throw new GitHubRefusal(404, error.words, message, 'Install it there, or give Wheelhouse another credential.')
    }
  }
}

/** Link header (RFC 8288): `<https://…?cursor=v1_4>; rel="next"`. */
function nextCursor(link: string | undefined): string | undefined {
  const [, url] = /<([^>]*)>;\s*rel="next"/.exec(link ?? '') ?? []
  return (url && new URL(url).searchParams.get('cursor')) || undefined
}
