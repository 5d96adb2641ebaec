import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Starts a child that the kernel kills when this process dies, whatever the reason (util-linux `setpriv`; without it the
 * child lives on). Its output is ours.
 */
export function startChild(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const setpriv = find('setpriv')
  const [program, given] = setpriv ? [setpriv, ['--pdeathsig', 'KILL', '--', command, ...args]] : [command, [...args]]
  return spawn(program, given, { stdio: ['ignore', 'inherit', 'inherit'], ...options })
}

/** Runs a child to its end. Throws when it fails. */
export async function runChild(command: string, args: readonly string[], options: SpawnOptions): Promise<void> {
  const end = await ended(startChild(command, args, options))
  if (end !== 0) throw new Error(`${args[0]} ended with ${end}.`)
}

/** Exit code, or the signal that ended it, or why it could not start. */
export function ended(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'))
  })
}

function find(program: string): string | undefined {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(directory, program)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      continue
    }
  }
  return undefined
}
