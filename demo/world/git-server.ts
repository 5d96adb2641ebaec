import { execFile } from 'node:child_process'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { reportingHook, serveGitCall, type PushedRef } from './git-backend.ts'
import type { WebhookTarget } from './types.ts'

const run = promisify(execFile)

/** Sent to every webhook after a push, once for each branch or tag that moved. */
export interface PushNotice extends PushedRef {
  repository: string
}

export interface GitServerOptions {
  /** Bare repositories are served from here, as `/<directory name>`. */
  directory: string
  port: number
  webhooks: WebhookTarget[]
}

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
  await writeFile(join(path, 'hooks', 'post-receive'), reportingHook, { mode: 0o755 })
}

/** Git over smart HTTP, on loopback, without authentication. */
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
  const { directory, webhooks } = options
  const call = { directory, path: url.pathname, query: url.search.slice(1), request, response }
  const repository = url.pathname.split('/')[1] ?? ''
  for (const pushed of await serveGitCall(call))
    for (const target of webhooks) notify(target, { repository, ...pushed })
}

/** One attempt, nobody waits: whoever listens polls as well. */
function notify(target: WebhookTarget, notice: PushNotice): void {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (target.bearer) headers.authorization = `Bearer ${target.bearer}`
  fetch(target.url, { method: 'POST', headers, body: JSON.stringify(notice), signal: AbortSignal.timeout(10_000) })
    .then((answer) => answer.body?.cancel())
    .catch((error: unknown) => console.error(`webhook ${target.url}: ${error instanceof Error ? error.message : ''}`))
}
