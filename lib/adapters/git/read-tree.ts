import { Fault } from '#lib/core/fault/index.ts'
import type { ObjectReader } from './object-reader.ts'
import { kindOfMode, type Tree, type TreeEntry } from './tree.ts'

type TreeObject = Awaited<ReturnType<ObjectReader['contents']>>
type Child = Omit<TreeEntry, 'path'> & { name: string }

/**
 * Reads the tree of a commit object by object from the running `cat-file`, which saves a child for every commit. What it
 * has in common with the commit read before is not read again.
 */
export class TreeReading {
  #known = new Map<string, readonly Child[]>()
  #sizes = new Map<string, number>()

  async read(reader: ObjectReader, commit: string): Promise<Tree> {
    const root = await reader.contents(`${commit}^{tree}`)
    if (!root) throw new Fault('not-found', `Commit ${commit.slice(0, 10)} is not in the repository.`)
    const { id } = root.info
    const directories = new Map<string, readonly Child[]>()
    await this.#readBelow(reader, id, directories, root)
    const tree = new Map<string, TreeEntry>()
    collect(directories, id, '', tree)
    this.#known = directories
    this.#sizes = new Map([...tree.values()].map(({ id: blob, size }) => [blob, size]))
    return tree
  }

  /** Bytes of a file of the tree read last. */
  sizeOf(blob: string): number | undefined {
    return this.#sizes.get(blob)
  }

  async #readBelow(
    reader: ObjectReader,
    id: string,
    into: Map<string, readonly Child[]>,
    object?: TreeObject,
  ): Promise<void> {
    if (into.has(id)) return
    const children = this.#known.get(id) ?? (await this.#readDirectory(reader, id, object))
    into.set(id, children)
    await Promise.all(
      children.filter(({ kind }) => kind === 'directory').map((child) => this.#readBelow(reader, child.id, into)),
    )
  }

  async #readDirectory(reader: ObjectReader, id: string, read?: TreeObject): Promise<Child[]> {
    const object = read ?? (await reader.contents(id))
    if (object?.info.type !== 'tree') throw new Fault('not-found', `Tree ${id.slice(0, 10)} is not in the repository.`)
    return Promise.all(
      parseTreeObject(object.contents, id.length / 2).map(async (child) => {
        if (child.kind === 'directory' || child.kind === 'submodule') return child
        const size = this.#sizes.get(child.id) ?? (await reader.info(child.id))?.size ?? 0
        return { ...child, size }
      }),
    )
  }
}

/** `<mode> <name>\0<id>` one after the other; `idBytes` is 20, or 32 in a SHA-256 repository. */
function parseTreeObject(contents: Buffer, idBytes: number): Child[] {
  const children: Child[] = []
  for (let at = 0; at < contents.length;) {
    const space = contents.indexOf(0x20, at)
    const end = contents.indexOf(0, space)
    const mode = contents.toString('latin1', at, space).padStart(6, '0')
    const kind = kindOfMode(mode)
    const id = contents.toString('hex', end + 1, end + 1 + idBytes)
    if (kind) children.push({ name: contents.toString('utf8', space + 1, end), kind, id, size: 0 })
    at = end + 1 + idBytes
  }
  return children
}

/** Depth first, a directory before what is in it: the order of `git ls-tree -r -t`. */
function collect(
  directories: ReadonlyMap<string, readonly Child[]>,
  id: string,
  prefix: string,
  into: Map<string, TreeEntry>,
): void {
  for (const { name, ...entry } of directories.get(id) ?? []) {
    const path = prefix + name
    into.set(path, { path, ...entry })
    if (entry.kind === 'directory') collect(directories, entry.id, `${path}/`, into)
  }
}
