import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { HearOutput, Launch, LaunchChild, LaunchedChild } from './launch-here.ts'
import { killGroup } from './kill-group.ts'
import type { FromLauncher, ToLauncher } from './messages.ts'

export interface Launcher {
  launch: LaunchChild
  /** Ends the launcher with whatever it launched; later launches are refused. */
  close(): Promise<void>
}

/**
 * Launches children from a small process beside this one. A fork stops the process that makes it while its page tables
 * are copied, some 5 ms for each 100 MB that it uses, and a worker uses several. The launcher is started at once, and
 * again after it died; what it had launched counts as ended by a signal, and is.
 */
export function createLauncher(): Launcher {
  let launcher = new LauncherProcess()
  let closed = false
  return {
    async launch(launch, hear) {
      if (closed) throw new Error('The launcher is closed.')
      if (!launcher.isAlive) launcher = new LauncherProcess()
      return launcher.launch(launch, hear)
    },
    async close() {
      closed = true
      await launcher.end()
    },
  }
}

const program = fileURLToPath(new URL('launcher-process.ts', import.meta.url))

interface Underway {
  hear: HearOutput
  started: PromiseWithResolvers<LaunchedChild>
  ended: PromiseWithResolvers<number | null>
  pid?: number
}

class LauncherProcess {
  isAlive = true
  readonly #child: ChildProcess
  readonly #underway = new Map<number, Underway>()
  #count = 0

  constructor() {
    const env: Record<string, string> = { PATH: process.env['PATH'] ?? '' }
    this.#child = fork(program, [], {
      serialization: 'advanced',
      // Ctrl-C in a terminal is for the worker, which may still wait for a child.
      detached: true,
      // What it copies with each launch is to stay small.
      execArgv: ['--max-semi-space-size=1'],
      // Next declares NODE_ENV as always there.
      env: env as NodeJS.ProcessEnv,
    })
    this.#child.on('message', (message: FromLauncher) => this.#hear(message))
    this.#child.on('error', (error) => this.#died(error))
    this.#child.once('exit', () => this.#died(new Error('The launcher of child processes ended.')))
  }

  launch(launch: Launch, hear: HearOutput): Promise<LaunchedChild> {
    this.#count += 1
    const underway: Underway = { hear, started: Promise.withResolvers(), ended: Promise.withResolvers() }
    this.#underway.set(this.#count, underway)
    this.#tell({ kind: 'launch', id: this.#count, launch })
    return underway.started.promise
  }

  async end(): Promise<void> {
    if (!this.isAlive) return
    const gone = once(this.#child, 'exit')
    // One that just died has ended the channel itself.
    if (this.#child.connected) this.#child.disconnect()
    await gone
  }

  /** What cannot be told was meant for a dead one, of which its exit tells. */
  #tell(message: ToLauncher): void {
    this.#child.send(message, () => {})
  }

  #hear(message: FromLauncher): void {
    const { id } = message
    const underway = this.#underway.get(id)
    if (!underway) return
    const { hear, started, ended } = underway
    switch (message.kind) {
      case 'output':
        return hear(message.stream, message.chunk)
      case 'launched':
        underway.pid = message.pid
        return started.resolve({
          pid: message.pid,
          endInput: (rest) => this.#tell({ kind: 'end-input', id, rest }),
          ended: ended.promise,
        })
      case 'ended':
        this.#underway.delete(id)
        return ended.resolve(message.code)
      case 'refused':
        this.#underway.delete(id)
        return started.reject(message.error)
    }
  }

  #died(error: Error): void {
    this.isAlive = false
    for (const { pid, started, ended } of this.#underway.values()) {
      // Whoever asked for it may ask for it again, while it still runs.
      if (pid !== undefined) killGroup(pid)
      started.reject(error)
      ended.resolve(null)
    }
    this.#underway.clear()
  }
}
