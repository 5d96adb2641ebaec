import type { Caller } from './identities.ts'
import type { GitHubState } from './state.ts'

/** A call that fits the description. */
export interface ApiCall {
  params: Record<string, string>
  query: Record<string, string>
  body: Record<string, unknown>
  caller: Caller
}

export interface ApiReply {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

export type Handler = (github: GitHubState, call: ApiCall) => Promise<ApiReply> | ApiReply

/** A refusal in GitHub's words. */
export class ApiProblem extends Error {
  readonly status: number
  readonly errors: string[] | undefined

  constructor(status: number, message: string, errors?: string[]) {
    super(message)
    this.status = status
    this.errors = errors
  }
}

export function loginOf(caller: Caller): string {
  return caller.kind === 'app' ? 'app' : caller.login
}

export function notFound(): ApiProblem {
  return new ApiProblem(404, 'Not Found')
}

/** One page of a list, by `per_page` and `page`. */
export function pageOf<T>(all: readonly T[], query: Record<string, string>): T[] {
  const size = Number(query['per_page'] ?? 30)
  const first = (Number(query['page'] ?? 1) - 1) * size
  return all.slice(first, first + size)
}
