import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Fault } from '#lib/core/fault/index.ts'
import type { ChildIdentity } from '#lib/ports/helm.ts'
import { childIdentity } from './child-identity.ts'
import { OutputTail } from './output-tail.ts'

export interface ChildRequest {
  program: string
  arguments: readonly string[]
  /** The whole environment: nothing is inherited. */
  environment: Record<string, string>
  directory: string
  /** Milliseconds until the child is ended by force. */
  limitMs: number
  /** Milliseconds that it gets to end in good order, once it is told to; default 10 s. */
  graceMs?: number
  /** Bytes of standard output and of standard error that are kept, from the end. */
  outputBytes: number
  /**
   * Standard input; absent = empty. With `onStart`, its last character is held back until that resolves: it has to be
   * text that says nothing without its end, as the text of a JSON object is, and a program that reads it to the end
   * before it does anything.
   */
  input?: string
  /** Called while the child can do nothing yet; it goes on when this resolves, and is killed when it rejects. */
  onStart?(process: ChildIdentity): Promise<void>
  signal?: AbortSignal
}

export interface ChildEnd {
  kind: 'exited' | 'aborted' | 'timed-out'
  /** null when a signal ended it. */
  exitCode: number | null
  stdout: OutputTail
  stderr: OutputTail
}

const defaultGraceMs = 10_000

/**
 * Runs a program in its own process group, tied to the life of this process by `setpriv --pdeathsig KILL` where there is
 * one.
 *
 * Between start and record the child waits at a gate: whoever is asked to record the attempt does so before the program
 * begins, or, where it has input, before it has all of it. (Helm needs 50 ms to start; the record is written meanwhile.)
 * When this process dies in between, the gate sees the end of its input and the program never begins, or the program sees
 * an input that is cut; also in the moment before `setpriv` has done its part. (A child stopped by SIGSTOP in that moment
 * would stand there for ever.)
 */
export async function runChild(request: ChildRequest): Promise<ChildEnd> {
  const child = start(request)
  const stdout = new OutputTail(request.outputBytes)
  const stderr = new OutputTail(request.outputBytes)
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk))
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => reject(new Fault('helm-failed', `${request.program} cannot be started`, { cause })))
    child.once('close', (code) => resolve(code))
  })
  // Heard even if `onStart` is still being awaited.
  ended.catch(() => {})
  if (child.pid === undefined) {
    await ended
    throw new Fault('helm-failed', `${request.program} cannot be started`)
  }
  await recordStart(child, child.pid, request, ended)
  const ender = endEarly(child.pid, request)
  const exitCode = await ended.finally(() => ender.clear())
  return { kind: ender.because() ?? 'exited', exitCode, stdout, stderr }
}

function start(request: ChildRequest): ChildProcess {
  const setpriv = findSetpriv()
  const gated = request.onStart !== undefined
  const passesOn = request.input !== undefined
  const own = [...(gated ? gate(passesOn) : []), request.program, ...request.arguments]
  const [program = '', ...args] = setpriv === undefined ? own : [setpriv, '--pdeathsig', 'KILL', '--', ...own]
  const child: ChildProcess = spawn(program, args, {
    cwd: request.directory,
    // Next declares NODE_ENV as always there; a child of ours must not have it.
    env: request.environment as NodeJS.ProcessEnv,
    detached: true,
    shell: false,
    stdio: [gated || passesOn ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  })
  // A child that ended at the gate closes the pipe; its exit tells the story.
  child.stdin?.on('error', () => {})
  return child
}

/**
 * Becomes the program it is given, same process and start time, once a line comes in; what follows that line is the
 * program's input, or nothing is. The script itself is constant.
 */
const gate = (passesOn: boolean) => ['/bin/sh', '-c', `read -r go && exec "$@"${passesOn ? '' : ' </dev/null'}`, 'gate']

async function recordStart(
  child: ChildProcess,
  pid: number,
  request: ChildRequest,
  ended: Promise<unknown>,
): Promise<void> {
  const { input = '' } = request
  if (request.onStart === undefined) {
    child.stdin?.end(input)
    return
  }
  // In one write: a child that got the line has got the beginning of its input as well.
  if (input !== '') child.stdin?.write(`go\n${input.slice(0, -1)}`)
  try {
    await request.onStart(childIdentity(pid))
  } catch (error) {
    signalGroup(pid, 'SIGKILL')
    await ended.catch(() => {})
    throw error
  }
  child.stdin?.end(input === '' ? 'go\n' : input.slice(-1))
}

interface EarlyEnd {
  because(): 'aborted' | 'timed-out' | undefined
  clear(): void
}

/** SIGTERM lets Helm record the failure; SIGKILL after the grace ends what does not listen. */
function endEarly(pid: number, request: ChildRequest): EarlyEnd {
  let because: 'aborted' | 'timed-out' | undefined
  let killer: NodeJS.Timeout | undefined
  const end = (reason: 'aborted' | 'timed-out') => {
    if (because !== undefined) return
    because = reason
    signalGroup(pid, 'SIGTERM')
    killer = setTimeout(() => signalGroup(pid, 'SIGKILL'), request.graceMs ?? defaultGraceMs)
  }
  const limit = setTimeout(() => end('timed-out'), request.limitMs)
  const onAbort = () => end('aborted')
  if (request.signal?.aborted === true) onAbort()
  request.signal?.addEventListener('abort', onAbort, { once: true })
  return {
    because: () => because,
    clear() {
      clearTimeout(limit)
      clearTimeout(killer)
      request.signal?.removeEventListener('abort', onAbort)
    },
  }
}

/** The group, because Helm may have started a post renderer. An ended one is no error. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // ESRCH: it has ended already.
  }
}

const setprivPaths = ['/usr/bin/setpriv', '/bin/setpriv']

function findSetpriv(): string | undefined {
  return setprivPaths.find((path) => existsSync(path))
}
