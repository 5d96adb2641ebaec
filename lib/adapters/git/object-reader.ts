import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { Fault } from '#lib/core/fault/index.ts'
import type { GitCaller } from './run-git.ts'

export type GitObjectType = 'blob' | 'tree' | 'commit' | 'tag'

export interface ObjectInfo {
  id: string
  type: GitObjectType
  /** Bytes. */
  size: number
}

interface Pending {
  wantsContents: boolean
  command: string
  resolve(answer: { info: ObjectInfo; contents: Buffer } | undefined): void
  reject(error: Error): void
  retried: boolean
}

/**
 * Reads objects through one long-lived `git cat-file --batch-command` child, started when first needed and again after
 * it died. Answers come in the order of the questions. It sees objects and refs that other Git children add later.
 */
export class ObjectReader {
  readonly #caller: GitCaller
  #child: ChildProcessWithoutNullStreams | undefined
  #pending: Pending[] = []
  #chunks: Buffer[] = []
  #buffered = 0
  #header: ObjectInfo | undefined
  #flushScheduled = false
  #closed = false

  constructor(caller: GitCaller) {
    this.#caller = caller
  }

  /** `name`: an object id, a ref, or `<commit>:<path>`. undefined = no such object. */
  async info(name: string): Promise<ObjectInfo | undefined> {
    return (await this.#ask('info', name))?.info
  }

  async contents(name: string): Promise<{ info: ObjectInfo; contents: Buffer } | undefined> {
    return this.#ask('contents', name)
  }

  /** Ends the child; later reads are refused. */
  async close(): Promise<void> {
    this.#closed = true
    const child = this.#child
    if (!child) return
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.stdin.end()
    await ended
  }

  #ask(verb: 'info' | 'contents', name: string): Promise<{ info: ObjectInfo; contents: Buffer } | undefined> {
    if (this.#closed) return Promise.reject(new Fault('unavailable', 'The repository is closed.'))
    if (/[\n\0]/.test(name)) return Promise.reject(new Fault('invalid', 'A Git object name has no line break.'))
    return new Promise((resolve, reject) => {
      this.#send({ wantsContents: verb === 'contents', command: `${verb} ${name}\n`, resolve, reject, retried: false })
    })
  }

  #send(request: Pending): void {
    const child = (this.#child ??= this.#start())
    this.#pending.push(request)
    child.stdin.write(request.command)
    if (this.#flushScheduled) return
    // One flush for all questions of this turn: the child then answers them in one go.
    this.#flushScheduled = true
    queueMicrotask(() => {
      this.#flushScheduled = false
      this.#child?.stdin.write('flush\n')
    })
  }

  #start(): ChildProcessWithoutNullStreams {
    // Next declares NODE_ENV as always there; a child of ours must not have it.
    const env = this.#caller.env as NodeJS.ProcessEnv
    const child = spawn('git', ['cat-file', '--batch-command', '--buffer'], { env, stdio: 'pipe' })
    const ended = (cause?: Error) => {
      if (this.#child === child) this.#restartAfter(cause)
    }
    child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk))
    child.stderr.resume()
    child.stdin.on('error', () => undefined)
    child.on('error', ended)
    child.on('close', () => ended())
    return child
  }

  /** The questions a dead child left open are asked once more; one that kills the child twice fails. */
  #restartAfter(cause: Error | undefined): void {
    const open = this.#pending
    this.#child = undefined
    this.#pending = []
    this.#chunks = []
    this.#buffered = 0
    this.#header = undefined
    for (const request of open) {
      if (request.retried || this.#closed || cause) {
        request.reject(new Fault('unavailable', 'git cat-file ended unexpectedly.', { cause, retryable: true }))
      } else {
        this.#send({ ...request, retried: true })
      }
    }
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#buffered += chunk.length
    while (this.#step()) {
      // Each step consumes one header or one object.
    }
  }

  #step(): boolean {
    if (this.#header) {
      if (this.#buffered < this.#header.size + 1) return false
      const data = this.#take(this.#header.size + 1)
      const info = this.#header
      this.#header = undefined
      this.#pending.shift()?.resolve({ info, contents: data.subarray(0, info.size) })
      return true
    }
    const end = this.#joined().indexOf(10)
    if (end < 0) return false
    const line = this.#take(end + 1)
      .subarray(0, end)
      .toString('utf8')
    const match = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/.exec(line)
    if (!match) {
      this.#pending.shift()?.resolve(undefined)
      return true
    }
    const info: ObjectInfo = { id: String(match[1]), type: match[2] as GitObjectType, size: Number(match[3]) }
    if (this.#pending[0]?.wantsContents) this.#header = info
    else this.#pending.shift()?.resolve({ info, contents: Buffer.alloc(0) })
    return true
  }

  #joined(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0] ?? Buffer.alloc(0)
  }

  #take(bytes: number): Buffer {
    const all = this.#joined()
    this.#chunks = all.length > bytes ? [all.subarray(bytes)] : []
    this.#buffered -= bytes
    return all.subarray(0, bytes)
  }
}
