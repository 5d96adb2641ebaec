import { request as requestPlain, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as requestTls } from 'node:https'
import { isIP } from 'node:net'
import { OutboundFailure } from './call-outside.ts'
import { publicAddress } from './public-address.ts'

/** A request to an address that somebody entered, which may itself be a secret. */
export interface Post {
  url: URL
  method?: 'POST' | 'PATCH' | 'GET'
  headers?: Record<string, string>
  body?: string
  /** Milliseconds until the whole answer is there. */
  timeoutMs: number
  /** Bytes of the answer that are kept; the rest is not read. */
  maxBytes: number
  /** Hosts that may be of the inside, and be asked without encryption. */
  insideHosts: readonly string[]
}

export interface Posted {
  status: number
  retryAfter: string | null
  text: string
}

/**
 * One request and its answer, whatever the status. It follows no redirect, since the address and what is sent are meant for
 * nobody else, and connects to the address that was looked at. Throws OutboundFailure, which names the host at most.
 */
export async function postOutside(post: Post): Promise<Posted> {
  const { url, insideHosts } = post
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && insideHosts.includes(host)))
    throw new OutboundFailure('insecure', `${host} would be asked without encryption`)
  const address = await publicAddress(host, insideHosts)
  const signal = AbortSignal.timeout(post.timeoutMs)
  try {
    return await exchange(post, address, signal)
  } catch (error) {
    if (signal.aborted) throw new OutboundFailure('timeout', `${host} did not answer within ${post.timeoutMs / 1000} s`)
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer'
    throw new OutboundFailure('network', `${host} cannot be reached (${code})`)
  }
}

function exchange(post: Post, address: string, signal: AbortSignal): Promise<Posted> {
  const { url, method = 'POST', body } = post
  const headers: Record<string, string> = { ...post.headers, host: url.host }
  if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body))
  const options: RequestOptions & { servername?: string } = {
    host: address,
    port: url.port || undefined,
    path: `${url.pathname}${url.search}`,
    method,
    headers,
    signal,
    agent: false,
    servername: isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0 ? url.hostname : '',
  }
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestTls : requestPlain
    const request = send(options, (answer) => {
      const { statusCode = 0, headers: said } = answer
      bodyOf(answer, post.maxBytes).then(
        (text) => resolve({ status: statusCode, retryAfter: said['retry-after'] ?? null, text }),
        reject,
      )
    })
    request.on('error', reject)
    request.end(body)
  })
}

async function bodyOf(answer: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= maxBytes) break
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8')
}
