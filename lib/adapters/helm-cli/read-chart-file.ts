import { readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { list } from 'tar'
import { Fault } from '#lib/core/fault/index.ts'

/** Helm itself keeps charts below 1 MiB in its release record. */
const maxBytes = 1024 * 1024

/** As `Helm.readChartFile`. */
export async function readChartFile(chart: string, path: string): Promise<string | undefined> {
  return (await stat(chart)).isDirectory() ? inDirectory(chart, path) : inArchive(chart, path)
}

async function inDirectory(chart: string, path: string): Promise<string | undefined> {
  const file = await realpath(join(chart, path)).catch(() => undefined)
  if (file === undefined) return undefined
  if (!file.startsWith((await realpath(chart)) + sep)) throw new Fault('invalid', `${path} leaves the chart.`)
  const { size } = await stat(file)
  if (size > maxBytes) throw tooLarge(path)
  return readFile(file, 'utf8')
}

/** Archives hold everything below one directory that is called as the chart. */
async function inArchive(archive: string, path: string): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size: number | undefined
  await list({
    file: archive,
    filter: (entry) => entry.split('/').slice(1).join('/') === path,
    onReadEntry(entry) {
      size = entry.size
      if (size <= maxBytes) entry.on('data', (chunk: Buffer) => chunks.push(chunk))
    },
  })
  if (size === undefined) return undefined
  if (size > maxBytes) throw tooLarge(path)
  return Buffer.concat(chunks).toString('utf8')
}

function tooLarge(path: string): Fault {
  return new Fault('invalid', `${path} is larger than ${maxBytes} bytes.`, { suggestion: 'Keep values files small.' })
}
