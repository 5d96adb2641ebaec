import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { childEnvironment } from '../child-environment.ts'

export interface TreeChange {
  path: string
  mode: string
  /** null removes the path. */
  sha: string | null
}

export interface CommitText {
  tree: string
  parents: string[]
  author: Person
  committer: Person
  message: string
}

export interface Person {
  name: string
  email: string
  /** ISO 8601. */
  date: string
}

/** Set in the environment of a push: the branches that take none. */
export const protectedVariable = 'WORLD_PROTECTED_BRANCHES'

const protectingHook = `#!/bin/sh
case " $${protectedVariable} " in
*" $1 "*)
  echo "error: GH006: Protected branch update failed for $1." >&2
  echo "error: Changes must be made through a pull request." >&2
  exit 1
  ;;
esac
`

/** The Git objects and refs behind the API, in a real bare repository. */
export class BareRepository {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  async installHook(): Promise<void> {
    const hook = join(this.path, 'hooks', 'update')
    await writeFile(hook, protectingHook)
    await chmod(hook, 0o755)
  }

  /** The commit (or other object) a name means; undefined = there is none. */
  async find(name: string): Promise<string | undefined> {
    const { code, stdout } = await this.#run(['rev-parse', '--verify', '--quiet', name])
    return code === 0 ? stdout.trim() : undefined
  }

  async isEmpty(): Promise<boolean> {
    return (await this.git(['for-each-ref', '--count=1', 'refs/heads'])) === ''
  }

  async makeBlob(content: string, encoding: BufferEncoding = 'utf8'): Promise<string> {
    return this.git(['hash-object', '-w', '--stdin'], { input: Buffer.from(content, encoding) })
  }

  /** All by one child: a tree may bring hundreds. */
  async makeBlobs(contents: readonly string[]): Promise<string[]> {
    if (contents.length === 0) return []
    const directory = await mkdtemp(join(tmpdir(), 'blobs-'))
    try {
      const paths = contents.map((_, index) => join(directory, String(index)))
      await Promise.all(paths.map((path, index) => writeFile(path, contents[index] ?? '')))
      const printed = await this.git(['hash-object', '-w', '--no-filters', '--stdin-paths'], {
        input: paths.join('\n'),
      })
      return printed.split('\n')
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  }

  async makeTree(base: string | undefined, changes: readonly TreeChange[]): Promise<string> {
    const index = join(tmpdir(), `index-${randomBytes(8).toString('hex')}`)
    const env = { GIT_INDEX_FILE: index }
    try {
      await this.git(base === undefined ? ['read-tree', '--empty'] : ['read-tree', base], { env })
      const lines = changes.map(
        ({ path, mode, sha }) => `${sha === null ? '0' : mode} ${sha ?? '0'.repeat(40)}\t${path}\0`,
      )
      await this.git(['update-index', '-z', '--add', '--index-info'], { env, input: lines.join('') })
      return await this.git(['write-tree'], { env })
    } finally {
      await rm(index, { force: true })
    }
  }

  /** Byte for byte what was asked for. */
  async makeCommit({ tree, parents, author, committer, message }: CommitText): Promise<string> {
    const lines = [
      `tree ${tree}`,
      ...parents.map((parent) => `parent ${parent}`),
      `author ${signature(author)}`,
      `committer ${signature(committer)}`,
    ]
    const input = `${lines.join('\n')}\n\n${message}`
    return this.git(['hash-object', '-t', 'commit', '-w', '--stdin'], { input })
  }

  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    return (await this.#run(['merge-base', '--is-ancestor', ancestor, descendant])).code === 0
  }

  /** False where the ref no longer stands at `before` (undefined = it must not exist). */
  async moveRef(ref: string, after: string, before: string | undefined): Promise<boolean> {
    return (await this.#run(['update-ref', ref, after, before ?? '0'.repeat(40)])).code === 0
  }

  /** The tree of both put together; undefined = they conflict. */
  async mergedTree(base: string, head: string): Promise<string | undefined> {
    const { code, stdout } = await this.#run(['merge-tree', '--write-tree', base, head])
    return code === 0 ? stdout.trim().split('\n')[0] : undefined
  }

  async changedFiles(base: string, head: string): Promise<{ status: string; path: string; sha: string }[]> {
    const printed = await this.git(['diff-tree', '-r', '-z', '--no-renames', '--merge-base', base, head])
    const parts = printed.split('\0').filter(Boolean)
    const files = []
    for (let at = 0; at + 1 < parts.length; at += 2) {
      const [, , before = '', after = '', letter = ''] = (parts[at] ?? '').split(' ')
      const status = letter === 'A' ? 'added' : letter === 'D' ? 'removed' : 'modified'
      files.push({ status, path: parts[at + 1] ?? '', sha: letter === 'D' ? before : after })
    }
    return files
  }

  /** Takes every branch and tag away, as if the repository had been made anew. */
  async empty(): Promise<void> {
    for (const ref of (await this.git(['for-each-ref', '--format=%(refname)'])).split('\n').filter(Boolean))
      await this.git(['update-ref', '-d', ref])
  }

  /** Throws for an exit code other than 0. */
  async git(
    args: readonly string[],
    options: { input?: string | Buffer; env?: Record<string, string> } = {},
  ): Promise<string> {
    const { code, stdout, stderr } = await this.#run(args, options)
    if (code !== 0) throw new Error(`git ${args[0]}: ${stderr}`)
    return stdout.trimEnd()
  }

  #run(
    args: readonly string[],
    { input = '', env = {} }: { input?: string | Buffer; env?: Record<string, string> } = {},
  ) {
    const child = spawn('git', ['-c', 'safe.directory=*', '--git-dir', this.path, ...args], {
      env: childEnvironment({
        PATH: process.env.PATH,
        LC_ALL: 'C',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        ...env,
      }),
    })
    const [stdout, stderr]: Buffer[][] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => stdout?.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr?.push(chunk))
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
      child.on('error', reject)
      const text = (chunks: Buffer[] = []) => Buffer.concat(chunks).toString('utf8')
      child.on('close', (code) => resolve({ code, stdout: text(stdout), stderr: text(stderr) }))
    })
  }
}

function signature({ name, email, date }: Person): string {
  return `${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} +0000`
}
