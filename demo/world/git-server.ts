import { spawn, execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createGunzip } from 'node:zlib'
import { childEnvironment } from './child-environment.ts'
import type { WebhookTarget } from './types.ts'

const run = promisify(execFile)

/** Sent to every webhook after a push, once for each branch or tag that moved. All zeros = created or deleted. */
export interface PushNotice {
  repository: string
  ref: string
  before: string
  after: string
}

export interface GitServerOptions {
  /** Bare repositories are served from here, as `/<directory name>`. */
  directory: string
  port: number
  webhooks: WebhookTarget[]
}

/** Where the post-receive hook of one push writes `before after ref` lines. */
const reportVariable = 'WORLD_PUSH_REPORT'

/** Creates a bare repository that this server serves and accepts pushes to, unless it is there. */
export async function ensureBareRepository(path: string, branch: string): Promise<void> {
  if (!(await stat(join(path, 'HEAD')).catch(() => undefined))) {
    await run('git', ['init', '--quiet', '--bare', `--initial-branch=${branch}`, path])
    for (const [key, value] of [
      ['http.receivepack', 'true'],
      // Clients ask for single commits and for trees without blobs.
      ['uploadpack.allowFilter', 'true'],
      ['uploadpack.allowAnySHA1InWant', 'true'],
    ] as const)
      await run('git', ['-C', path, 'config', key, value])
  }
  await mkdir(join(path, 'hooks'), { recursive: true })
  const hook = `#!/bin/sh\nif [ -n "$${reportVariable}" ]; then cat >>"$${reportVariable}"; else cat >/dev/null; fi\n`
  await writeFile(join(path, 'hooks', 'post-receive'), hook, { mode: 0o755 })
}

/** Git over smart HTTP through `git http-backend`, on loopback, without authentication. */
export async function startGitServer(options: GitServerOptions): Promise<Server> {
  const server = createServer((request, response) => {
    serve(options, request, response).catch((error: unknown) => {
      console.error(error)
      if (response.headersSent) response.destroy()
      else response.writeHead(500).end()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  return server
}

async function serve(options: GitServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const isPush = request.method === 'POST' && url.pathname.endsWith('/git-receive-pack')
  const report = join(tmpdir(), `push-${randomBytes(8).toString('hex')}`)
  await runBackend(options.directory, url, request, response, isPush ? { [reportVariable]: report } : {})
  if (!isPush) return
  const repository = url.pathname.split('/')[1] ?? ''
  for (const notice of await readReport(report, repository))
    for (const target of options.webhooks) notify(target, notice)
}

async function runBackend(
  directory: string,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  extra: Record<string, string>,
): Promise<void> {
  const child = spawn('git', ['http-backend'], {
    env: childEnvironment({
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: directory,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      // Repositories may belong to another user than the one who serves them (containers, sudo).
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      REMOTE_ADDR: request.socket.remoteAddress ?? '',
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

async function readReport(file: string, repository: string): Promise<PushNotice[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  await rm(file, { force: true })
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [before = '', after = '', ref = ''] = line.split(' ')
      return { repository, ref, before, after }
    })
}

/** One attempt, nobody waits: whoever listens polls as well. */
function notify(target: WebhookTarget, notice: PushNotice): void {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (target.bearer) headers.authorization = `Bearer ${target.bearer}`
  fetch(target.url, { method: 'POST', headers, body: JSON.stringify(notice), signal: AbortSignal.timeout(10_000) })
    .then((answer) => answer.body?.cancel())
    .catch((error: unknown) => console.error(`webhook ${target.url}: ${error instanceof Error ? error.message : ''}`))
}
