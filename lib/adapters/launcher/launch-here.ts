import { spawn } from 'node:child_process'

/** A program that is to run in a process group of its own. */
export interface Launch {
  /** A path, or a name on the PATH of `environment`. */
  program: string
  arguments: readonly string[]
  /** The whole environment: nothing is inherited. */
  environment: Record<string, string>
  /** Default: that of this process. */
  directory?: string
  /** Standard input, written at once and in one piece. Absent: there is nothing to read. */
  input?: string | Buffer
  /** Standard input stays open until `endInput`; default: it ends with `input`. */
  moreInput?: boolean
}

/** Hears what the program prints, piece by piece. */
export type HearOutput = (stream: 'stdout' | 'stderr', chunk: Buffer) => void

export interface LaunchedChild {
  pid: number
  /** Once, and only after `moreInput`. */
  endInput(rest: string): void
  /** Resolves with the exit code, null when a signal ended it, once all it printed was heard. Never rejects. */
  ended: Promise<number | null>
}

/** Resolves when the program has a process; rejects with an error of the system, such as ENOENT, where it gets none. */
export type LaunchChild = (launch: Launch, hear: HearOutput) => Promise<LaunchedChild>

/** Launches a child of this process. */
export const launchHere: LaunchChild = async (launch, hear) => {
  const { input, moreInput = false } = launch
  const child = spawn(launch.program, [...launch.arguments], {
    cwd: launch.directory,
    // Next declares NODE_ENV as always there; a child of ours must not have it.
    env: launch.environment as NodeJS.ProcessEnv,
    detached: true,
    shell: false,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const { pid } = child
  if (pid === undefined) return new Promise((_resolve, reject) => child.once('error', reject))
  child.stdout?.on('data', (chunk: Buffer) => hear('stdout', chunk))
  child.stderr?.on('data', (chunk: Buffer) => hear('stderr', chunk))
  // One that ends before it has read everything closes the pipe; its exit tells the story.
  child.stdin?.on('error', () => {})
  if (moreInput) child.stdin?.write(input ?? '')
  else child.stdin?.end(input)
  return { pid, endInput: (rest) => void child.stdin?.end(rest), ended }
}
