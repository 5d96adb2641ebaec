import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Fault } from '#lib/core/fault/index.ts'
import type { Mirror } from './mirror.ts'
import { normalisePath, resolveInTree, type Tree, type TreeEntry } from './tree.ts'

const maxFiles = 10_000
const maxBytes = 200 * 1024 * 1024
/** Directories reached through symlinks may contain symlinks again. */
const maxDepth = 40

interface PlannedFile {
  /** Relative to the target. */
  target: string
  entry: TreeEntry
}

/**
 * Writes a directory of a commit as plain files and directories: the target never holds a symlink. Everything is read
 * and checked before the first byte is written. `targetDir` must be new or empty.
 */
export async function exportDirectory(mirror: Mirror, commit: string, path: string, targetDir: string): Promise<void> {
  const tree = await mirror.tree(commit)
  const reader = await mirror.reader()
  const readLink = async (entry: TreeEntry) => {
    if (entry.size > 4096) throw leaves(entry.path)
    return (await reader.contents(entry.id))?.contents.toString('utf8') ?? ''
  }
  const from = normalisePath(path)
  if (from === undefined) throw leaves(path)
  const planned = await planFiles(tree, from, readLink)
  const bytes = planned.reduce((sum, file) => sum + file.entry.size, 0)
  if (bytes > maxBytes) throw new Fault('invalid', `The directory ${path} is larger than 200 MiB.`)
  const directories = new Set(planned.map((file) => dirname(join(targetDir, file.target))))
  for (const directory of [targetDir, ...directories]) await mkdir(directory, { recursive: true })
  await Promise.all(
    planned.map(async ({ target, entry }) => {
      const object = await reader.contents(entry.id)
      if (!object) throw new Fault('not-found', `${entry.path} is missing from the mirror.`)
      const mode = entry.kind === 'executable' ? 0o755 : 0o644
      // `wx`: a file that is already there, a planted symlink above all, is never written through.
      await writeFile(join(targetDir, target), object.contents, { mode, flag: 'wx' })
    }),
  )
}

async function planFiles(
  tree: Tree,
  from: string,
  readLink: (entry: TreeEntry) => Promise<string>,
): Promise<PlannedFile[]> {
  const children = childrenByDirectory(tree)
  const planned: PlannedFile[] = []
  let visited = 0
  const addDirectory = async (directory: string, target: string, depth: number): Promise<void> => {
    visited += 1
    if (depth > maxDepth || visited > maxFiles)
      throw new Fault('invalid', `${directory} contains itself through symlinks.`)
    for (const child of children.get(directory) ?? []) {
      const name = join(target, child.path.slice(directory === '' ? 0 : directory.length + 1))
      await add(child, name, depth)
      if (planned.length > maxFiles) throw new Fault('invalid', `The directory holds over ${maxFiles} files.`)
    }
  }
  const add = async (entry: TreeEntry, target: string, depth: number): Promise<void> => {
    if (entry.kind === 'file' || entry.kind === 'executable') planned.push({ target, entry })
    if (entry.kind === 'directory') await addDirectory(entry.path, target, depth + 1)
    if (entry.kind !== 'symlink') return
    const resolved = await resolveInTree(tree, entry.path, readLink)
    if (resolved.kind === 'found') return add(resolved.entry, target, depth)
    if (resolved.kind === 'root') return addDirectory('', target, depth + 1)
    if (resolved.kind === 'outside') throw leaves(resolved.link)
    throw new Fault('invalid', `The symlink ${entry.path} points to nothing.`)
  }
  const start = await resolveInTree(tree, from, readLink)
  if (start.kind === 'outside') throw leaves(start.link)
  if (start.kind === 'root') await addDirectory('', '', 0)
  else if (start.kind === 'found' && start.entry.kind === 'directory') await addDirectory(start.entry.path, '', 0)
  else throw new Fault('not-found', `There is no directory ${from} at this commit.`)
  return planned
}

function childrenByDirectory(tree: Tree): Map<string, TreeEntry[]> {
  const children = new Map<string, TreeEntry[]>()
  for (const entry of tree.values()) {
    const slash = entry.path.lastIndexOf('/')
    const directory = slash < 0 ? '' : entry.path.slice(0, slash)
    const siblings = children.get(directory)
    if (siblings) siblings.push(entry)
    else children.set(directory, [entry])
  }
  return children
}

function leaves(path: string): Fault {
  return new Fault('invalid', `${path} leaves the repository.`, {
    suggestion: 'Use a path, and symlinks, that stay inside the repository.',
  })
}
