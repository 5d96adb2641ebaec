import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { childEnvironment } from './child-environment.ts'

/** Where the post-receive hook of one push writes `before after ref` lines. */
const reportVariable = 'WORLD_PUSH_REPORT'

/** The hook that makes a bare repository tell what was pushed; silent where nobody asks. */
export const reportingHook = `#!/bin/sh\nif [ -n "$${reportVariable}" ]; then cat >>"$${reportVariable}"; else cat >/dev/null; fi\n`

/** A branch or tag that moved. All zeros = created or deleted. */
export interface PushedRef {
  ref: string
  before: string
  after: string
}

export interface GitCall {
  /** Bare repositories are served from here. */
  directory: string
  /** `/config.git/git-receive-pack`: below `directory`. */
  path: string
  query: string
  request: IncomingMessage
  response: ServerResponse
  /** More variables for the hooks of the repository. */
  env?: Record<string, string>
}

/** One request of Git's smart HTTP, answered by `git http-backend`. Resolves when the answer is out, with what was pushed. */
export async function serveGitCall(call: GitCall): Promise<PushedRef[]> {
  const isPush = call.request.method === 'POST' && call.path.endsWith('/git-receive-pack')
  const report = join(tmpdir(), `push-${randomBytes(8).toString('hex')}`)
  await runBackend(call, isPush ? { [reportVariable]: report } : {})
  return isPush ? readReport(report) : []
}

async function runBackend(call: GitCall, extra: Record<string, string>): Promise<void> {
  const { request, response } = call
  const child = spawn('git', ['http-backend'], {
    env: childEnvironment({
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: call.directory,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      // Repositories may belong to another user than the one who serves them (containers, sudo).
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      PATH_INFO: decodeURIComponent(call.path),
      QUERY_STRING: call.query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      REMOTE_ADDR: request.socket.remoteAddress ?? '',
      ...call.env,
      ...extra,
    }),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  response.once('close', () => child.kill())
  const body = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request
  body.on('error', () => child.kill())
  // A backend that answers before it has read everything closes its input.
  child.stdin.on('error', () => undefined)
  body.pipe(child.stdin)
  await relay(child.stdout, response)
}

/** CGI: header lines, an empty line, the body. */
function relay(output: NodeJS.ReadableStream, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0)
    let isBody = false
    output.on('error', reject)
    output.on('end', () => {
      if (isBody) response.end(resolve)
      else response.writeHead(500).end(resolve)
    })
    output.on('data', (chunk: Buffer) => {
      if (isBody) return void response.write(chunk)
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      isBody = true
      let status = 200
      for (const line of head.subarray(0, end).toString('latin1').split('\r\n')) {
        const [name = '', value = ''] = line.split(/:\s*(.*)/s)
        if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10)
        else response.setHeader(name, value)
      }
      response.writeHead(status)
      response.write(head.subarray(end + 4))
    })
  })
}

async function readReport(file: string): Promise<PushedRef[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  await rm(file, { force: true })
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [before = '', after = '', ref = ''] = line.split(' ')
      return { ref, before, after }
    })
}
