import { createReadStream } from 'node:fs'
import { readFile, readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Parser, type ReadEntry } from 'tar'

interface Template {
  path: string
  text: string
}

/** What is larger is no text that somebody wrote. */
export const maxTextBytes = 1024 * 1024
/** Charts hold charts; deeper than this nobody nests them. */
export const maxDepth = 4

/** As `Helm.readTemplates`. */
export async function readTemplates(chart: string): Promise<Template[]> {
  const found: Template[] = []
  if ((await stat(chart)).isDirectory()) await readDirectory(chart, found)
  else await readArchive(createReadStream(chart), '', found, 0)
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}

const isTemplate = (path: string): boolean => /(^|\/)templates\/.*[^/]$/.test(path)
/** Values and files, which `tpl` may be given. */
const isOtherText = (path: string): boolean =>
  !/\/$|(^|\/)crds\/|(^|\/)Chart\.(yaml|lock)$|\.(md|schema\.json|tgz|prov)$/.test(path)
const isWanted = (path: string): boolean => isTemplate(path) || isOtherText(path)
const couldBeEvaluated = (path: string, text: string): boolean => isTemplate(path) || text.includes('{{')
const isPackedChart = (path: string): boolean => /(^|\/)charts\/[^/]+\.tgz$/.test(path)

async function readDirectory(chart: string, found: Template[]): Promise<void> {
  const name = await chartName(chart)
  const entries = await readdir(chart, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const path = relative(chart, file)
    if (isPackedChart(path)) await readArchive(createReadStream(file), join(name, path, '..'), found, 1)
    else if (isWanted(path) && (await stat(file)).size <= maxTextBytes) {
      const text = await readFile(file, 'utf8')
      if (couldBeEvaluated(path, text)) found.push({ path: join(name, path), text })
    }
  }
}

/** The directory may be called by a digest: Helm names sources by the chart. */
async function chartName(chart: string): Promise<string> {
  const text = await readFile(join(chart, 'Chart.yaml'), 'utf8').catch(() => '')
  return /^name:\s*["']?([\w.-]+)/m.exec(text)?.[1] ?? ''
}

/** `prefix` = where the archive stands: `podinfo/charts`. Its entries begin with the name of its chart. */
async function readArchive(archive: Readable, prefix: string, found: Template[], depth: number): Promise<void> {
  const packed: { path: string; content: Buffer }[] = []
  const parser = new Parser({
    onReadEntry(entry: ReadEntry) {
      const wanted = isWanted(entry.path) || isPackedChart(entry.path)
      if (!wanted || entry.size > maxTextBytes * 50) return entry.resume()
      const chunks: Buffer[] = []
      entry.on('data', (chunk: Buffer) => chunks.push(chunk))
      entry.on('end', () => {
        const content = Buffer.concat(chunks)
        if (isPackedChart(entry.path)) packed.push({ path: entry.path, content })
        else if (content.length <= maxTextBytes) {
          const text = content.toString('utf8')
          if (couldBeEvaluated(entry.path, text)) found.push({ path: join(prefix, entry.path), text })
        }
      })
      return undefined
    },
  })
  await pipeline(archive, parser)
  if (depth >= maxDepth) return
  for (const { path, content } of packed)
    await readArchive(Readable.from([content]), join(prefix, path, '..'), found, depth + 1)
}
