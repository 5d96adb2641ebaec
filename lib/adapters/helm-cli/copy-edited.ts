import type { Stats } from 'node:fs'
import { cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { extract, type ReadEntry } from 'tar'
import { maxDepth, maxTextBytes } from './read-chart-texts.ts'

/** Bytes of an unpacked archive; Helm stops there too. */
const maxUnpackedBytes = 100 * 1024 * 1024

/** Takes its text and path in the chart. */
export type EditText = (text: string, path: string) => string

/** Puts an unpacked copy of a chart, directory or archive, into a directory, with each of its texts as `edit` makes it. */
export async function copyEdited(chart: string, target: string, edit: EditText): Promise<void> {
  await mkdir(target, { recursive: true })
  if ((await stat(chart)).isDirectory()) await cp(chart, target, { recursive: true })
  else await unpack(chart, target, 1)
  await editWithin(target, target, edit, 0)
}

async function editWithin(root: string, directory: string, edit: EditText, depth: number): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const file = join(directory, entry.name)
    if (entry.isDirectory()) await editWithin(root, file, edit, depth)
    else if (entry.isFile() && isPacked(file) && depth < maxDepth) {
      // Found where a directory of another name would be, which is nothing to Helm.
      const unpacked = file.replace(/\.tgz$/, '')
      await mkdir(unpacked)
      await unpack(file, unpacked, 1)
      await rm(file)
      await editWithin(root, unpacked, edit, depth + 1)
    } else if (entry.isFile()) await editFile(file, (text) => edit(text, relative(root, file)))
  }
}

const isPacked = (path: string): boolean => /(^|\/)charts\/[^/]+\.tgz$/.test(path)

async function editFile(file: string, edit: (text: string) => string): Promise<void> {
  if ((await stat(file)).size > maxTextBytes) return
  const text = await readFile(file, 'utf8')
  const edited = edit(text)
  if (edited !== text) await writeFile(file, edited)
}

/** Files and directories only: a link could lead out of the copy. */
async function unpack(file: string, cwd: string, strip: number): Promise<void> {
  let left = maxUnpackedBytes
  const isWanted = (_path: string, entry: ReadEntry | Stats): boolean => {
    left -= entry.size
    return left >= 0 && 'type' in entry && (entry.type === 'File' || entry.type === 'Directory')
  }
  await extract({ file, cwd, strip, filter: isWanted })
}
