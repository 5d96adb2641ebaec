import { createReadStream } from 'node:fs'
import { readFile, readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Parser, type ReadEntry } from 'tar'

interface ChartText {
  path: string
  text: string
}

/** Helm takes no larger file out of an archive. */
export const maxTextBytes = 5 * 1024 * 1024
const maxPackedBytes = 50 * 1024 * 1024
/** Charts hold charts; deeper than this nobody nests them. */
export const maxDepth = 4

const isTemplate = (path: string): boolean => /(^|\/)templates\/.*[^/]$/.test(path)
const isDefinition = (path: string): boolean => /^(charts\/[^/]+\/)*crds\/.*\.(ya?ml|json)$/.test(path)
/** Values and files, which `tpl` may be given. */
const isOtherText = (path: string): boolean =>
  !/\/$|(^|\/)crds\/|(^|\/)Chart\.(yaml|lock)$|\.(md|schema\.json|tgz|prov)$/.test(path)
const isPackedChart = (path: string): boolean => /(^|\/)charts\/[^/]+\.tgz$/.test(path)

/** As `Helm.readTemplates`. */
export async function readTemplates(chart: string): Promise<ChartText[]> {
  const texts = await readTexts(chart, (path) => isTemplate(path) || isOtherText(path))
  return texts.filter(({ path, text }) => isTemplate(path) || text.includes('{{'))
}

/** As `Helm.readDefinitions`. */
export function readDefinitions(chart: string): Promise<ChartText[]> {
  return readTexts(chart, isDefinition)
}

/** Of the path in the chart. */
type IsWanted = (path: string) => boolean

async function readTexts(chart: string, isWanted: IsWanted): Promise<ChartText[]> {
  const found: ChartText[] = []
  if ((await stat(chart)).isDirectory()) await readDirectory(chart, isWanted, found)
  else await readArchive(createReadStream(chart), '', isWanted, found, 0)
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function readDirectory(chart: string, isWanted: IsWanted, found: ChartText[]): Promise<void> {
  const name = await chartName(chart)
  const entries = await readdir(chart, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const path = relative(chart, file)
    if (isPackedChart(path)) await readArchive(createReadStream(file), join(name, path, '..'), isWanted, found, 1)
    else if (isWanted(path) && (await stat(file)).size <= maxTextBytes)
      found.push({ path: join(name, path), text: await readFile(file, 'utf8') })
  }
}

/** The directory may be called by a digest: Helm names sources by the chart. */
async function chartName(chart: string): Promise<string> {
  const text = await readFile(join(chart, 'Chart.yaml'), 'utf8').catch(() => '')
  return /^name:\s*["']?([\w.-]+)/m.exec(text)?.[1] ?? ''
}

/** `prefix` = where the archive stands: `podinfo/charts`. Its entries begin with the name of its chart. */
async function readArchive(
  archive: Readable,
  prefix: string,
  isWanted: IsWanted,
  found: ChartText[],
  depth: number,
): Promise<void> {
  const packed: { path: string; content: Buffer }[] = []
  const parser = new Parser({
    onReadEntry(entry: ReadEntry) {
      const isPacked = isPackedChart(entry.path)
      const isSmall = entry.size <= (isPacked ? maxPackedBytes : maxTextBytes)
      if (!isSmall || !(isPacked || isWanted(entry.path.replace(/^[^/]*\//, '')))) return entry.resume()
      const chunks: Buffer[] = []
      entry.on('data', (chunk: Buffer) => chunks.push(chunk))
      entry.on('end', () => {
        const content = Buffer.concat(chunks)
        if (isPacked) packed.push({ path: entry.path, content })
        else found.push({ path: join(prefix, entry.path), text: content.toString('utf8') })
      })
      return undefined
    },
  })
  await pipeline(archive, parser)
  if (depth >= maxDepth) return
  for (const { path, content } of packed)
    await readArchive(Readable.from([content]), join(prefix, path, '..'), isWanted, found, depth + 1)
}
