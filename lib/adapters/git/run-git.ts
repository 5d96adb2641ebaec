import { spawn } from 'node:child_process'
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
  env: NodeJS.ProcessEnv
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
export function runGit(caller: GitCaller, args: readonly string[], run: GitRun): Promise<GitResult> {
  const child = spawn('git', args, { env: caller.env, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  const chunks: Buffer[] = []
  const errors: Buffer[] = []
  let bytes = 0
  let errorBytes = 0
  let killed: Fault | undefined
  const kill = (fault: Fault) => {
    killed ??= fault
    try {
      // The group: `git fetch` leaves its transport helpers behind when only itself is killed.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It ended by itself in between.
    }
  }
  const timer = setTimeout(() => kill(tooSlow(args, run.timeoutMs)), run.timeoutMs)
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > (run.maxBytes ?? 256 * 1024 * 1024)) kill(new Fault('too-large', `git ${args[0]} printed too much.`))
    else chunks.push(chunk)
  })
  child.stderr.on('data', (chunk: Buffer) => {
    if (errorBytes < maxStderr) errors.push(chunk)
    errorBytes += chunk.length
  })
  // A child that ends before it read everything closes the pipe; its exit code tells the story.
  child.stdin.on('error', () => undefined)
  child.stdin.end(run.input ?? '')
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => {
      clearTimeout(timer)
      reject(new Fault('unavailable', 'The git program cannot be started.', { cause, suggestion: 'Install git.' }))
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      if (killed) return reject(killed)
      const stderr = blank(Buffer.concat(errors).toString('utf8').slice(0, maxStderr), caller.secrets)
      resolve({ code: code ?? 128, stdout: Buffer.concat(chunks), stderr })
    })
  })
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
