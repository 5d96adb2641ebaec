import { Agent, request } from 'node:https'

export interface KubeAnswer {
  status: number
  body: unknown
}

/** The few calls of the Kubernetes API that the world needs to furnish itself. */
export class KubeApi {
  readonly #origin: string
  readonly #token: string
  readonly #agent: Agent

  constructor(options: { origin: string; ca: Buffer; token: string }) {
    this.#origin = options.origin
    this.#token = options.token
    // Idle connections of an agent do not keep the process alive.
    this.#agent = new Agent({ ca: options.ca, keepAlive: true, timeout: 10_000 })
  }

  async get(path: string): Promise<KubeAnswer> {
    return this.#call('GET', path)
  }

  /** Creates the object, or leaves an existing one of that name as it is. */
  async ensure(collection: string, object: { metadata: { name: string } }): Promise<void> {
    const answer = await this.#call('POST', collection, object)
    if (answer.status >= 300 && answer.status !== 409)
      throw new Error(`POST ${collection}: ${answer.status} ${JSON.stringify(answer.body)}`)
  }

  /** Makes an existing object what is given. */
  async replace(path: string, object: object): Promise<void> {
    const answer = await this.#call('PUT', path, object)
    if (answer.status >= 300) throw new Error(`PUT ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  }

  async remove(path: string): Promise<void> {
    const answer = await this.#call('DELETE', path)
    if (answer.status >= 300) throw new Error(`DELETE ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  }

  #call(method: string, path: string, body?: unknown): Promise<KubeAnswer> {
    return new Promise((resolve, reject) => {
      const headers: Record<string, string> = { authorization: `Bearer ${this.#token}`, accept: 'application/json' }
      if (body !== undefined) headers['content-type'] = 'application/json'
      const call = request(`${this.#origin}${path}`, { method, headers, agent: this.#agent, timeout: 10_000 })
      call.on('timeout', () => call.destroy(new Error(`${method} ${path}: no answer within 10 s`)))
      call.on('error', reject)
      call.on('response', (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => (text += part))
        response.on('error', reject)
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parse(text) }))
      })
      call.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
