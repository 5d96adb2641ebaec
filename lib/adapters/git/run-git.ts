import { killGroup, launchHere, type LaunchChild } from '#lib/adapters/launcher/index.ts'
import { Fault } from '#lib/core/fault/index.ts'

export interface GitRun {
  /** Milliseconds until the child and its children are killed. */
  timeoutMs: number
  input?: string | Buffer
  /** Bytes of standard output that are accepted; more kills the child. Default 256 MiB. */
  maxBytes?: number
}

export interface GitResult {
  code: number
  stdout: Buffer
  /** Without secrets, at most 16 KiB. */
  stderr: string
}

/** How Git is called for one mirror. */
export interface GitCaller {
  env: Record<string, string>
  /** Default: Git is a child of this process. */
  launch?: LaunchChild
  /** Texts that are blanked out of everything Git prints. */
  secrets: readonly string[]
}

/** How Git is called for one command that reaches the remote. */
export interface RemoteCaller extends GitCaller {
  /** Called when the command has ended, however it did. */
  end(): Promise<void>
}

const maxStderr = 16 * 1024

/**
 * Runs one Git child in a process group of its own. Resolves with any exit code; throws Fault `git-unreachable` when it
 * had to be killed for time, `too-large` for output, `unavailable` where there is no `git` program.
 */
export async function runGit(caller: GitCaller, args: readonly string[], run: GitRun): Promise<GitResult> {
  const { launch = launchHere, env: environment } = caller
  const { timeoutMs, input = '', maxBytes = 256 * 1024 * 1024 } = run
  const chunks: Buffer[] = []
  const errors: Buffer[] = []
  let bytes = 0
  let errorBytes = 0
  let pid: number | undefined
  let killed: Fault | undefined
  const kill = (fault: Fault) => {
    killed ??= fault
    // The group: `git fetch` leaves its transport helpers behind when only itself is killed.
    if (pid !== undefined) killGroup(pid)
  }
  const starting = launch({ program: 'git', arguments: args, environment, input }, (stream, chunk) => {
    if (stream === 'stderr') {
      if (errorBytes < maxStderr) errors.push(chunk)
      errorBytes += chunk.length
      return
    }
    bytes += chunk.length
    if (bytes > maxBytes) kill(new Fault('too-large', `git ${args[0]} printed too much.`))
    else chunks.push(chunk)
  })
  const child = await starting.catch((cause: unknown) => {
    throw new Fault('unavailable', 'The git program cannot be started.', { cause, suggestion: 'Install git.' })
  })
  pid = child.pid
  const timer = setTimeout(() => kill(tooSlow(args, timeoutMs)), timeoutMs)
  const code = await child.ended
  clearTimeout(timer)
  if (killed) throw killed
  const stderr = blank(Buffer.concat(errors).toString('utf8').slice(0, maxStderr), caller.secrets)
  return { code: code ?? 128, stdout: Buffer.concat(chunks), stderr }
}

/** As `runGit`, and an exit code other than 0 is Fault `internal` with what Git said. */
export async function mustRunGit(caller: GitCaller, args: readonly string[], run: GitRun): Promise<Buffer> {
  const result = await runGit(caller, args, run)
  if (result.code !== 0) {
    throw new Fault('internal', `git ${args[0]} failed: ${lastWords(result.stderr)}`)
  }
  return result.stdout
}

/** What Git adds below the reason of every failure over SSH. */
const sayingNothing = new Set(['', 'Please make sure you have the correct access rights', 'and the repository exists.'])

/** The telling part of what Git printed: the last lines, at most 500 characters. */
export function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => !sayingNothing.has(line.trim()))
  return lines.slice(-4).join(' ').trim().slice(-500)
}

function tooSlow(args: readonly string[], timeoutMs: number): Fault {
  const seconds = Math.round(timeoutMs / 100) / 10
  return new Fault('git-unreachable', `git ${args[0]} did not finish within ${seconds} s.`, {
    retryable: true,
    suggestion: 'Check that the Git host can be reached from the worker.',
  })
}

function blank(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '•••'), text)
}
