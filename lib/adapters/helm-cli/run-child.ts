import { existsSync } from 'node:fs'
import { killGroup, launchHere, type LaunchChild, type LaunchedChild } from '#lib/adapters/launcher/index.ts'
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
  /** How it is started; default: as a child of this process. */
  launch?: LaunchChild
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
 * Runs a program in its own process group, tied to the life of the process that launches it by `setpriv --pdeathsig KILL`
 * where there is one.
 *
 * Between start and record the child waits at a gate: whoever is asked to record the attempt does so before the program
 * begins, or, where it has input, before it has all of it. (Helm needs 50 ms to start; the record is written meanwhile.)
 * When this process dies in between, the gate sees the end of its input and the program never begins, or the program sees
 * an input that is cut; also in the moment before `setpriv` has done its part. (A child stopped by SIGSTOP in that moment
 * would stand there for ever.)
 */
export async function runChild(request: ChildRequest): Promise<ChildEnd> {
  const output = { stdout: new OutputTail(request.outputBytes), stderr: new OutputTail(request.outputBytes) }
  const child = await start(request, output)
  await recordStart(child, request)
  const ender = endEarly(child.pid, request)
  const exitCode = await child.ended
  ender.clear()
  return { kind: ender.because() ?? 'exited', exitCode, ...output }
}

async function start(request: ChildRequest, output: Record<'stdout' | 'stderr', OutputTail>): Promise<LaunchedChild> {
  const { input, environment, directory, launch = launchHere } = request
  const setpriv = findSetpriv()
  const gated = request.onStart !== undefined
  const own = [...(gated ? gate(input !== undefined) : []), request.program, ...request.arguments]
  const [program = '', ...args] = setpriv === undefined ? own : [setpriv, '--pdeathsig', 'KILL', '--', ...own]
  const given = gated ? { input: atGate(input), moreInput: true } : { input }
  try {
    return await launch({ program, arguments: args, environment, directory, ...given }, (stream, chunk) =>
      output[stream].push(chunk),
    )
  } catch (cause) {
    throw new Fault('helm-failed', `${request.program} cannot be started`, { cause })
  }
}

/**
 * Becomes the program it is given, same process and start time, once a line comes in; what follows that line is the
 * program's input, or nothing is. The script itself is constant.
 */
const gate = (passesOn: boolean) => ['/bin/sh', '-c', `read -r go && exec "$@"${passesOn ? '' : ' </dev/null'}`, 'gate']

/** In one write: a child that got the line has got the beginning of its input as well. */
const atGate = (input = '') => (input === '' ? '' : `go\n${input.slice(0, -1)}`)

async function recordStart(child: LaunchedChild, { input = '', onStart }: ChildRequest): Promise<void> {
  if (onStart === undefined) return
  try {
    await onStart(childIdentity(child.pid))
  } catch (error) {
    killGroup(child.pid)
    await child.ended
    throw error
  }
  child.endInput(input === '' ? 'go\n' : input.slice(-1))
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
    // The group, because Helm may have started a post renderer.
    killGroup(pid, 'SIGTERM')
    killer = setTimeout(() => killGroup(pid), request.graceMs ?? defaultGraceMs)
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

const setprivPaths = ['/usr/bin/setpriv', '/bin/setpriv']

function findSetpriv(): string | undefined {
  return setprivPaths.find((path) => existsSync(path))
}
