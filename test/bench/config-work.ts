import { execFile } from 'node:child_process'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { GitAddress } from '#demo/world/types.ts'

const run = promisify(execFile)
const author = ['-c', 'user.name=Bench', '-c', 'user.email=bench@wheelhouse.invalid', '-c', 'commit.gpgsign=false']

/** A person's clone of the config repository. */
export class ConfigWork {
  readonly #git: GitAddress
  readonly directory: string

  private constructor(git: GitAddress, directory: string) {
    this.#git = git
    this.directory = directory
  }

  /** Makes the first commit, with these files. */
  static async create(git: GitAddress, directory: string, files: Record<string, string>): Promise<ConfigWork> {
    await mkdir(directory, { recursive: true })
    const work = new ConfigWork(git, directory)
    await work.#run('init', '--quiet', `--initial-branch=${git.branch}`)
    await work.#run('remote', 'add', 'origin', git.url)
    await work.#write(files)
    await work.#run('add', '--all')
    await work.#run(...author, 'commit', '--quiet', '--message', 'Begin')
    await work.push()
    return work
  }

  /** Takes what others pushed and commits on top; nothing is pushed yet. */
  async commit(files: Record<string, string>, message: string): Promise<void> {
    await this.#catchUp()
    await this.#write(files)
    await this.#run('add', '--all')
    await this.#run(...author, 'commit', '--quiet', '--message', message)
  }

  /** As `commit`, with the text of each file made from the one at the head. */
  async edit(paths: readonly string[], change: (text: string) => string, message: string): Promise<void> {
    await this.#catchUp()
    for (const path of paths) {
      const text = await readFile(join(this.directory, path), 'utf8')
      await this.#write({ [path]: change(text) })
    }
    await this.#run('add', '--all')
    await this.#run(...author, 'commit', '--quiet', '--message', message)
  }

  /** Pushes; returns when the branch moved at the remote (milliseconds since the epoch): the time of its ref file. */
  async push(): Promise<number> {
    await this.#run('push', '--quiet', 'origin', `HEAD:refs/heads/${this.#git.branch}`)
    return (await stat(join(this.#git.barePath, 'refs', 'heads', this.#git.branch))).mtimeMs
  }

  async #catchUp(): Promise<void> {
    await this.#run('fetch', '--quiet', 'origin', this.#git.branch)
    await this.#run('reset', '--quiet', '--hard', 'FETCH_HEAD')
  }

  async #write(files: Record<string, string>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(this.directory, path)), { recursive: true })
      await writeFile(join(this.directory, path), text)
    }
  }

  async #run(...args: string[]): Promise<void> {
    await run('git', ['-C', this.directory, ...args])
  }
}
