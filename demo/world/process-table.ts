import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { openSync, closeSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { childEnvironment } from './child-environment.ts'
import type { Report } from './types.ts'
import { waitUntil } from './wait-until.ts'
import { WorldProblem } from './world-problem.ts'

/** In the order in which they are stopped: whoever talks to another goes before it. */
const stopOrder = [
  ['product'],
  ['sealed-secrets', 'kwok', 'scheduler', 'controller-manager'],
  ['apiserver'],
  ['etcd', 'registry', 'git', 'charts'],
] as const
export type ProcessName = (typeof stopOrder)[number][number]

export interface ProcessSpec {
  name: ProcessName
  command: string
  args: string[]
  env?: Record<string, string>
  cwd?: string
  /** Whether it answers; asked until it does. Throwing counts as no. */
  ready: () => Promise<boolean>
  readyTimeoutMs?: number
  /** Milliseconds between SIGTERM and SIGKILL. */
  graceMs: number
  /** Set where the command ties itself to this process's life (see `deathLeash`). */
  leashesItself?: boolean
}

interface Running {
  child: ChildProcess
  ended: Promise<string>
  /** Whether somebody here asked for its end. */
  isEnding: boolean
  hasEnded: boolean
}

/** `setpriv --pdeathsig KILL --` where there is one: the kernel then kills the child when this process dies. */
export function deathLeash(): string[] {
  leash ??=
    spawnSync('setpriv', ['--pdeathsig', 'KILL', '--', 'true'], { stdio: 'ignore' }).status === 0
      ? ['setpriv', '--pdeathsig', 'KILL', '--']
      : []
  return leash
}
let leash: string[] | undefined

/** The child processes of one world: started, watched, signalled and stopped by name. */
export class ProcessTable {
  readonly #logsDir: string
  readonly #log: Report
  readonly #specs = new Map<ProcessName, ProcessSpec>()
  readonly #running = new Map<ProcessName, Running>()
  #isStopping = false

  constructor(logsDir: string, log: Report) {
    this.#logsDir = logsDir
    this.#log = log
  }

  get pids(): Record<string, { pid: number }> {
    const entries = [...this.#running].filter(([, { hasEnded }]) => !hasEnded)
    return Object.fromEntries(entries.map(([name, { child }]) => [name, { pid: child.pid ?? 0 }]))
  }

  /** Starts the process and waits until it answers; fails at once, with its last words, when it ends instead. */
  async start(spec: ProcessSpec): Promise<void> {
    if (this.#isStopping) throw new WorldProblem(`${spec.name} is not started: the world is stopping.`)
    await mkdir(this.#logsDir, { recursive: true })
    this.#specs.set(spec.name, spec)
    const running = this.#spawn(spec)
    this.#running.set(spec.name, running)
    await waitUntil(
      `${spec.name} answers`,
      async () => {
        if (running.hasEnded) throw await this.#earlyEnd(spec.name, await running.ended)
        return spec.ready()
      },
      { timeoutMs: spec.readyTimeoutMs ?? 120_000 },
    )
  }

  async kill(name: ProcessName, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const running = this.#find(name)
    const isDeadly = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT'].includes(signal)
    running.isEnding ||= isDeadly
    running.child.kill(signal)
    if (isDeadly) await running.ended
  }

  suspend(name: ProcessName): void {
    this.#find(name).child.kill('SIGSTOP')
  }

  resume(name: ProcessName): void {
    this.#find(name).child.kill('SIGCONT')
  }

  async restart(name: ProcessName): Promise<void> {
    const spec = this.#specs.get(name)
    if (!spec) throw new WorldProblem(`${name} was never started in this world.`)
    await this.#end(name)
    await this.start(spec)
  }

  /** Ends everything that runs. What is started meanwhile is refused. */
  async stop(): Promise<void> {
    this.#isStopping = true
    for (const names of stopOrder) await Promise.all(names.map((name) => this.#end(name)))
  }

  #spawn(spec: ProcessSpec): Running {
    const logFile = openSync(join(this.#logsDir, `${spec.name}.log`), 'a')
    const words = [...(spec.leashesItself ? [] : deathLeash()), spec.command, ...spec.args]
    const child = spawn(words[0] ?? '', words.slice(1), {
      cwd: spec.cwd,
      env: childEnvironment({ PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', ...spec.env }),
      stdio: ['ignore', logFile, logFile],
      // A group of its own: Ctrl-C in the terminal reaches the demo alone, which then stops all in order.
      detached: true,
    })
    closeSync(logFile)
    const ended = Promise.withResolvers<string>()
    const running: Running = { child, ended: ended.promise, isEnding: false, hasEnded: false }
    const finish = (how: string) => {
      running.hasEnded = true
      if (!running.isEnding) this.#log(`${spec.name} ended by itself (${how})`)
      ended.resolve(how)
    }
    child.once('error', (error) => finish(error.message))
    child.once('exit', (code, signal) => finish(signal ? `signal ${signal}` : `exit code ${code}`))
    return running
  }

  async #end(name: ProcessName): Promise<void> {
    const running = this.#running.get(name)
    if (!running || running.hasEnded) return
    running.isEnding = true
    running.child.kill('SIGTERM')
    // A suspended process would otherwise not see the signal.
    running.child.kill('SIGCONT')
    const killer = setTimeout(() => running.child.kill('SIGKILL'), this.#specs.get(name)?.graceMs ?? 0)
    await running.ended
    clearTimeout(killer)
  }

  #find(name: ProcessName): Running {
    const running = this.#running.get(name)
    if (!running || running.hasEnded) throw new WorldProblem(`${name} does not run in this world.`)
    return running
  }

  async #earlyEnd(name: ProcessName, how: string): Promise<WorldProblem> {
    const path = join(this.#logsDir, `${name}.log`)
    const text = await readFile(path, 'utf8').catch(() => '')
    const tail = text.trimEnd().split('\n').slice(-12).join('\n')
    return new WorldProblem(`${name} did not start (${how}). Its log, ${path}, ends with:\n${tail}`)
  }
}
