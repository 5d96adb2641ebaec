import { Fault } from '#lib/core/fault/index.ts'
import type { CommitRequest, CommitResult } from '#lib/ports/config-repository.ts'
import { isStaleLock } from './classify-git-error.ts'
import { removeStaleLocks } from './mirror-directory.ts'
import type { CommitDraft, DeliverCommit } from './commit-draft.ts'
import type { Mirror } from './mirror.ts'
import { pushCommit } from './push-commit.ts'
import { normalisePath, type Tree } from './tree.ts'

/** Where `git fast-import` leaves the new commit until the remote took it. */
const pendingRef = 'refs/wheelhouse/pending'

/**
 * Makes the commit in the mirror without a work tree and pushes it, only if the remote branch still stands at
 * `request.parent`. The tracking ref moves with the push that was accepted, never before. Only inside `exclusively`.
 */
export async function writeCommit(
  mirror: Mirror,
  request: CommitRequest,
  { committer, deliver }: { committer: { name: string; email: string }; deliver?: DeliverCommit },
): Promise<CommitResult> {
  const { tree, madeAt, commit } = await makeCommit(mirror, request, committer)
  const result = deliver
    ? await deliver(await draftOf(mirror, tree, { request, committer, commit, madeAt }))
    : await push(mirror, request.parent, commit)
  if (result.kind !== 'committed') await mirror.git(['update-ref', '-d', pendingRef])
  else if (deliver) await takeOver(mirror, result.commit)
  return result
}

/** The commit in the mirror, where nobody sees it yet. Only inside `exclusively`. */
export async function makeCommit(mirror: Mirror, request: CommitRequest, committer: { name: string; email: string }) {
  const tree = await mirror.tree(request.parent)
  const madeAt = Math.floor(Date.now() / 1000)
  const stream = importStream(tree, request, committer, madeAt)
  const printed = await mirror.git(['fast-import', '--quiet', '--force', '--done', '--date-format=raw'], stream)
  return { tree, madeAt, commit: printed.toString('utf8').trim() }
}

async function draftOf(
  mirror: Mirror,
  tree: Tree,
  made: { request: CommitRequest; committer: CommitDraft['committer']; commit: string; madeAt: number },
): Promise<CommitDraft> {
  const { request, committer, commit, madeAt } = made
  const reader = await mirror.reader()
  const [own, before] = await Promise.all([reader.info(`${commit}^{tree}`), reader.info(`${request.parent}^{tree}`)])
  if (!own || !before) throw new Fault('internal', 'The commit that was just made is not in the mirror.')
  return {
    id: commit,
    tree: own.id,
    parent: request.parent,
    parentTree: before.id,
    files: request.files.map(({ path, text }) => ({ path, text, mode: modeOf(tree, path) })),
    message: wholeMessage(request),
    author: { name: plain(request.author.name), email: plain(request.author.email) },
    committer: { name: plain(committer.name), email: plain(committer.email) },
    madeAt,
  }
}

/** The tracking ref follows what was delivered; only a commit that came out different has to be fetched for that. */
async function takeOver(mirror: Mirror, commit: string): Promise<void> {
  await removeStaleLocks(mirror.options.dir)
  if ((await mirror.commitOf(commit)) === commit) await mirror.git(['update-ref', mirror.trackingRef, commit])
  else await mirror.fetch([`+refs/heads/${mirror.options.branch}:${mirror.trackingRef}`], () => false)
}

async function push(mirror: Mirror, parent: string, commit: string): Promise<CommitResult> {
  const { result, stderr } = await pushCommit(mirror, `refs/heads/${mirror.options.branch}`, parent, commit)
  if (result.kind !== 'committed') return result
  // The push moved the tracking ref, unless a killed child had left it locked.
  if (isStaleLock(stderr) || (await mirror.head()) !== commit) {
    await removeStaleLocks(mirror.options.dir)
    await mirror.git(['update-ref', mirror.trackingRef, commit])
  }
  return result
}

/** The input of git-fast-import(1): one commit, files inline, modes as they are. */
export function importStream(
  tree: Tree,
  request: CommitRequest,
  committer: { name: string; email: string },
  nowSeconds: number,
): Buffer {
  if (request.files.length === 0) throw new Fault('invalid', 'A commit needs at least one file.')
  const parts: (string | Buffer)[] = [
    `commit ${pendingRef}\nmark :1\n`,
    `author ${person(request.author)} ${nowSeconds} +0000\n`,
    `committer ${person(committer)} ${nowSeconds} +0000\n`,
    ...data(wholeMessage(request)),
    `from ${request.parent}\n`,
  ]
  for (const file of request.files) {
    const mode = modeOf(tree, file.path)
    parts.push(`M ${mode} inline ${quotedPath(file.path)}\n`, ...data(file.text))
  }
  parts.push('get-mark :1\ndone\n')
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
}

function wholeMessage({ message }: CommitRequest): string {
  return message.endsWith('\n') ? message : `${message}\n`
}

function data(text: string): (string | Buffer)[] {
  const bytes = Buffer.from(text, 'utf8')
  return [`data ${bytes.length}\n`, bytes, '\n']
}

function person(who: { name: string; email: string }): string {
  return `${plain(who.name)} <${plain(who.email)}>`
}

/** What would end the field early is left out. */
function plain(text: string): string {
  return text.replaceAll(/[<>\p{Cc}]/gu, '').trim()
}

/** The mode the file has, or that of a plain new file. Throws Fault `invalid` for a path that is no file's. */
function modeOf(tree: Tree, path: string): '100644' | '100755' {
  const parts = path.split('/')
  const isGit = parts.some((part) => /^\.git$/i.test(part))
  if (path === '' || isGit || normalisePath(path) !== path || parts.includes('..')) throw badPath(path)
  const above = parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'))
  if (above.some((dir) => (tree.get(dir)?.kind ?? 'directory') !== 'directory')) throw badPath(path)
  const kind = tree.get(path)?.kind ?? 'file'
  if (kind !== 'file' && kind !== 'executable') throw badPath(path)
  return kind === 'executable' ? '100755' : '100644'
}

function badPath(path: string): Fault {
  return new Fault('invalid', `${JSON.stringify(path.slice(0, 200))} is not a file of the repository.`)
}

function quotedPath(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
