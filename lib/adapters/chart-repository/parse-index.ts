import { parse } from 'yaml'
import { z } from 'zod'
import { Fault } from '#lib/core/fault/index.ts'

const ChartVersion = z.object({
  version: z.string().min(1).max(200),
  urls: z.array(z.string().max(4000)).min(1),
  digest: z.string().optional(),
})
/** One published version of a chart. */
export type ChartVersion = z.infer<typeof ChartVersion>

const Index = z.object({ entries: z.record(z.string(), z.unknown()).nullish() })

/** Characters up to which an index is parsed whole; the largest public ones have tens of millions. */
const wholeLimit = 2_000_000

/**
 * The versions of one chart in an `index.yaml`, in its order; empty = not listed. Entries without version or address are
 * left out. Of a large index only the lines of this chart are parsed: the whole would stop the process for seconds.
 */
export function chartVersions(text: string, name: string): ChartVersion[] {
  const block = chartBlock(text, name)
  const fromBlock = block === undefined ? undefined : readYaml(block)
  const list = fromBlock === undefined ? fromWhole(text, name) : (fromBlock as Record<string, unknown>)[name]
  if (!Array.isArray(list)) return []
  return list.flatMap((entry) => {
    const read = ChartVersion.safeParse(entry)
    return read.success ? [read.data] : []
  })
}

function fromWhole(text: string, name: string): unknown {
  if (text.length > wholeLimit && !text.trimStart().startsWith('{')) return undefined
  const index = Index.safeParse(readYaml(text))
  if (!index.success) throw notAnIndex()
  return index.data.entries?.[name]
}

/** The lines `<name>:` and below, as Helm writes them: list items may stand as far left as their key. */
function chartBlock(text: string, name: string): string | undefined {
  const head = /^entries:[ \t]*\r?\n( +)\S/m.exec(text)
  if (!head) return undefined
  const indent = String(head[1]).length
  const plain = name.replaceAll(/[.]/g, '\\.')
  const key = new RegExp(`^ {${indent}}(?:${plain}|"${plain}"|'${plain}'):[ \\t]*\\r?$`, 'gm')
  key.lastIndex = head.index
  const found = key.exec(text)
  if (!found) return undefined
  const next = new RegExp(`^(?: {0,${indent - 1}}| {${indent}})[^\\s#-]`, 'gm')
  next.lastIndex = key.lastIndex
  return text.slice(found.index, next.exec(text)?.index ?? text.length)
}

/** Every scalar as its text, so that a version 1.10 stays 1.10. undefined = not YAML, or an alias bomb. */
function readYaml(text: string): unknown {
  try {
    const value: unknown = parse(text, { schema: 'failsafe', maxAliasCount: 100, logLevel: 'error' })
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function notAnIndex(): Fault {
  return new Fault('chart-unavailable', 'The index of the chart repository cannot be read.', {
    suggestion: 'Check that the address is that of a Helm chart repository.',
  })
}
