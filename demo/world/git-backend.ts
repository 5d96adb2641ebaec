import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
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

/**
 * One request of Git's smart HTTP (gitprotocol-http(5)), answered by `git upload-pack` or `git receive-pack` as
 * `git http-backend` does it, without the two programs it puts in between. Resolves when the answer is out, with what was
 * pushed.
 */
export async function serveGitCall(call: GitCall): Promise<PushedRef[]> {
  const asked = askedOf(call)
  if (!asked) {
    call.request.resume()
    call.response.writeHead(404).end()
    return []
  }
  const isPush = asked.service === 'git-receive-pack' && !asked.refs
  const report = join(tmpdir(), `push-${randomBytes(8).toString('hex')}`)
  await runService(call, asked, isPush ? { [reportVariable]: report } : {})
  return isPush ? readReport(report) : []
}

interface Asked {
  service: string
  repository: string
  /** What the service has to offer, which is asked first. */
  refs: boolean
}

const callPath = /^\/([^/]+)\/(info\/refs|git-(?:upload|receive)-pack)$/

function askedOf({ directory, path, query, request }: GitCall): Asked | undefined {
  const [, name, what = ''] = callPath.exec(path) ?? []
  if (name === undefined || name.startsWith('.')) return undefined
  const repository = join(directory, name)
  const refs = what === 'info/refs'
  const service = serviceAsked(path, new URLSearchParams(query))
  const isKnown = service === 'git-upload-pack' || service === 'git-receive-pack'
  const isMeant = isKnown && request.method === (refs ? 'GET' : 'POST') && existsSync(join(repository, 'HEAD'))
  return isMeant ? { service, repository, refs } : undefined
}

/** The Git service that a request is for, be it for what the service has to offer; '' = none is named. */
export function serviceAsked(path: string, query: URLSearchParams): string {
  return path.endsWith('/info/refs') ? (query.get('service') ?? '') : path.slice(path.lastIndexOf('/') + 1)
}

async function runService(
  { request, response, env }: GitCall,
  { service, repository, refs }: Asked,
  extra: Record<string, string>,
): Promise<void> {
  const protocol = String(request.headers['git-protocol'] ?? '')
  const flags = ['--stateless-rpc', ...(refs ? ['--http-backend-info-refs'] : [])]
  const child = spawn('git', [service.replace('git-', ''), ...flags, repository], {
    env: childEnvironment({
      PATH: process.env.PATH,
      GIT_PROTOCOL: protocol,
      // Repositories may belong to another user than the one who serves them (containers, sudo).
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      ...env,
      ...extra,
    }),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  response.once('close', () => child.kill())
  const body = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request
  body.on('error', () => child.kill())
  // A service that answers before it has read everything closes its input.
  child.stdin.on('error', () => undefined)
  body.pipe(child.stdin)
  response.setHeader('content-type', `application/x-${service}-${refs ? 'advertisement' : 'result'}`)
  response.setHeader('cache-control', 'no-cache')
  if (refs && !protocol.includes('version=2')) response.write(`${packet(`# service=${service}\n`)}0000`)
  child.stdout.pipe(response)
  await new Promise((resolve) => response.once('close', resolve))
}

/** A line as Git sends it, with its length in front (gitprotocol-common(5)). */
const packet = (line: string): string => (line.length + 4).toString(16).padStart(4, '0') + line

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
