/** One entry of a commit's tree, directories included. */
export interface TreeEntry {
  path: string
  kind: 'file' | 'executable' | 'symlink' | 'directory' | 'submodule'
  id: string
  /** Bytes; 0 for what is not a blob. */
  size: number
}

export type Tree = ReadonlyMap<string, TreeEntry>

const kinds: Record<string, TreeEntry['kind']> = {
  '100644': 'file',
  '100664': 'file',
  '100755': 'executable',
  '120000': 'symlink',
  '040000': 'directory',
  '160000': 'submodule',
}

/** undefined for what Git may hold one day and we do not know. */
export const kindOfMode = (mode: string): TreeEntry['kind'] | undefined => kinds[mode]

/** A path inside the repository in one spelling: no leading `./`, no double or trailing slash. undefined = leaves it. */
export function normalisePath(path: string): string | undefined {
  if (path.startsWith('/') || /[\0\n]/.test(path)) return undefined
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return parts.join('/')
}

export type Resolution =
  { kind: 'found'; entry: TreeEntry } | { kind: 'root' } | { kind: 'missing' } | { kind: 'outside'; link: string }

/** Git's own limit is 40 too. */
const maxLinks = 40

/**
 * Follows `path` through the symlinks of the tree, as a file system would, without ever touching one.
 * `readLink` gives the target of a symlink blob. A loop of links is `outside`, like a link that leaves the tree.
 */
export async function resolveInTree(
  tree: Tree,
  path: string,
  readLink: (entry: TreeEntry) => Promise<string>,
): Promise<Resolution> {
  let rest = path.split('/')
  let here: string[] = []
  let links = 0
  let lastLink = path
  while (rest.length > 0) {
    const [part = '', ...after] = rest
    rest = after
    if (part === '' || part === '.') continue
    if (part === '..') {
      if (here.pop() === undefined) return { kind: 'outside', link: lastLink }
      continue
    }
    const entry = tree.get([...here, part].join('/'))
    if (!entry) return { kind: 'missing' }
    if (entry.kind !== 'symlink') {
      here = [...here, part]
      continue
    }
    links += 1
    lastLink = entry.path
    const target = await readLink(entry)
    if (links > maxLinks || target.startsWith('/')) return { kind: 'outside', link: entry.path }
    rest = [...target.split('/'), ...rest]
  }
  if (here.length === 0) return { kind: 'root' }
  const entry = tree.get(here.join('/'))
  return entry ? { kind: 'found', entry } : { kind: 'missing' }
}
