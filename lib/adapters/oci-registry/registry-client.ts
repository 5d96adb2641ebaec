import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '#lib/core/fault/index.ts'
import { dockerHubHost } from '#lib/core/image/index.ts'
import type { RepositoryAddress } from '#lib/ports/registry.ts'
import type { Log } from '#lib/ports/log.ts'
import { callOutside, downloadFile, type OutboundAnswer, type OutboundCall } from '#lib/adapters/outbound-http/index.ts'
import { Authorizer } from './authorizer.ts'
import { Budget, type BudgetOptions } from './budget.ts'
import type { RegistryCredentials } from './credentials-for-host.ts'
import { faultOfFailure, faultOfStatus } from './registry-fault.ts'

export interface RegistryClientOptions {
  host: string
  insecure: boolean
  credentials(): Promise<RegistryCredentials | undefined>
  budget?: BudgetOptions
  fetch?: typeof fetch
  log: Log
}

export interface RegistryCall {
  path: string
  /** Instead of `/v2/<path>/<endpoint>`: a link the registry gave. */
  url?: URL
  /** `tags/list?n=1000`, `manifests/<reference>`, `blobs/<digest>` */
  endpoint: string
  /** For messages: "the tag list". */
  what: string
  method?: 'GET' | 'HEAD' | 'PUT'
  body?: Uint8Array<ArrayBuffer>
  headers?: Record<string, string>
  maxBytes: number
  signal?: AbortSignal
}

const timeoutMs = 30_000
const downloadTimeoutMs = 5 * 60_000
const ordinaryBudget: BudgetOptions = { requestsPerSecond: 250, burst: 250 }
/** Docker Hub answers 429 long before other registries do. */
const dockerHubBudget: BudgetOptions = { requestsPerSecond: 20, burst: 40 }

/** Asks one registry host: within its budget, authorised as it wants, with every failure as a Fault. */
export class RegistryClient {
  readonly #options: RegistryClientOptions
  readonly #origin: string
  readonly #authorizer: Authorizer
  readonly #budget: Budget
  #learning: Promise<void> | undefined

  constructor(options: RegistryClientOptions) {
    this.#options = options
    this.#origin = originOf(options.host, options.insecure)
    this.#authorizer = new Authorizer(options)
    const usual = options.host === dockerHubHost ? dockerHubBudget : ordinaryBudget
    this.#budget = new Budget(options.budget ?? usual, Date.now())
  }

  /** Answers 200, 201, 304 and, for the caller to judge, 404; throws a Fault for everything else. */
  async call(call: RegistryCall): Promise<OutboundAnswer> {
    const answer = await this.#firstAlone(call)
    if ([200, 201, 304, 404].includes(answer.status)) return answer
    throw this.#fault(answer.status, answer.headers, call)
  }

  /** Streams a blob to a file; `accepts` sees its SHA-256 before the file appears. */
  async download(call: RegistryCall, targetFile: string, accepts: (sha256: string) => void): Promise<void> {
    await this.#admit(call)
    const outbound = await this.#outbound(call)
    const result = await downloadFile({ ...outbound, timeoutMs: downloadTimeoutMs }, targetFile, accepts).catch(
      (error: unknown) => {
        throw faultOfFailure(error)
      },
    )
    if (result.kind === 'answered') throw this.#fault(result.status, result.headers, call)
  }

  /** Until one request has shown how the registry wants to be asked, the others wait: one 401 instead of hundreds. */
  async #firstAlone(call: RegistryCall): Promise<OutboundAnswer> {
    if (this.#authorizer.isKnown) return this.#attempt(call)
    if (this.#learning) {
      await this.#learning
      return this.#attempt(call)
    }
    const attempt = this.#attempt(call)
    this.#learning = attempt.then(
      () => undefined,
      () => undefined,
    )
    try {
      return await attempt
    } finally {
      this.#learning = undefined
    }
  }

  async #attempt(call: RegistryCall): Promise<OutboundAnswer> {
    const sent = await this.#authorizer.header(scopeOf(call))
    const answer = await this.#send(call, sent)
    if (answer.status !== 401) {
      if (sent === undefined && answer.status < 500 && answer.status !== 429) this.#authorizer.acceptedAnonymously()
      return answer
    }
    const again = await this.#authorizer.challenged(answer.headers.get('www-authenticate'), scopeOf(call), sent)
    return again ? this.#send(call, await this.#authorizer.header(scopeOf(call))) : answer
  }

  async #send(call: RegistryCall, authorization: string | undefined): Promise<OutboundAnswer> {
    await this.#admit(call)
    return callOutside({ ...this.#basics(call), authorization }).catch((error: unknown) => {
      throw faultOfFailure(error)
    })
  }

  async #outbound(call: RegistryCall): Promise<OutboundCall> {
    return { ...this.#basics(call), authorization: await this.#authorizer.header(scopeOf(call)) }
  }

  #basics(call: RegistryCall): OutboundCall {
    const { method, body, headers, maxBytes, signal } = call
    const url = call.url ?? new URL(`/v2/${call.path}/${call.endpoint}`, this.#origin)
    const { insecure, fetch } = this.#options
    return { url, method, body, headers, maxBytes, signal, insecure, fetch, timeoutMs }
  }

  async #admit(call: RegistryCall): Promise<void> {
    const admission = this.#budget.admit(Date.now())
    if (admission.kind === 'paused') {
      const message = `${this.#options.host} asked to be left alone for a while.`
      throw new Fault('rate-limited', message, { retryable: true, retryAfterMs: admission.forMs })
    }
    if (admission.afterMs > 0) await delay(admission.afterMs, undefined, { signal: call.signal })
  }

  #fault(status: number, headers: Headers, call: RegistryCall): Fault {
    const { host, log } = this.#options
    const fault = faultOfStatus(status, headers, host, `${call.what} of ${call.path}`)
    if (fault.code === 'rate-limited') {
      this.#budget.slowDown(Date.now(), fault.retryAfterMs ?? 0)
      const requestsPerSecond = this.#budget.requestsPerSecond
      log.warn('registry limits requests', { host, retryAfterMs: fault.retryAfterMs, requestsPerSecond })
    }
    return fault
  }
}

function scopeOf(call: RegistryCall): string {
  return `repository:${call.path}:${call.method === 'PUT' ? 'pull,push' : 'pull'}`
}

/** Throws Fault `invalid` for what is no host[:port]. */
function originOf(host: string, insecure: boolean): string {
  const name = host === dockerHubHost ? 'registry-1.docker.io' : host
  const text = `${insecure ? 'http' : 'https'}://${name}`
  if (!/^[\w.:[\]-]+$/.test(name) || !URL.canParse(text)) throw new Fault('invalid', 'This is not a registry host.')
  return new URL(text).origin
}

/** Throws Fault `invalid` for a repository of another host or a path outside the OCI grammar. */
export function checkRepository(repository: RepositoryAddress, host: string): void {
  const plain = /^[a-z0-9][a-z0-9._/-]*$/.test(repository.path) && repository.path.length <= 255
  if (repository.host !== host || !plain || /\.\.|\/\/|\/$|\/\./.test(repository.path)) {
    throw new Fault('invalid', `This is not a repository of ${host}.`)
  }
}
