import { valid } from 'semver'
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import type { Problem } from '../problem/index.ts'

export interface ChartDependency {
  name: string
  /** Exact or a constraint; `''` where none is written (a chart below `charts/`). */
  version: string
  /** `''` = a chart below `charts/`. */
  repository: string
  alias?: string
  condition?: string
}

export interface ChartMetadata {
  apiVersion: 'v1' | 'v2'
  name: string
  /** As written; SemVer 2, or what Helm takes as such (a leading `v`, one or two parts). */
  version: string
  /** As written, also where it is not quoted: `1.20` stays `1.20`. */
  appVersion?: string
  type: 'application' | 'library'
  dependencies: ChartDependency[]
}

export interface ReadChart {
  /** Absent if a problem of severity `error` stands in the way. */
  chart?: ChartMetadata
  problems: Problem[]
}

const maxCharacters = 1024 * 1024

const problem = (code: string, message: string, suggestion?: string): Problem => ({
  code,
  severity: 'error',
  message,
  ...(suggestion === undefined ? {} : { suggestion }),
})

/** Text of a scalar as it was written, so that an unquoted `1.20` is not the number 1.2. */
function textAt(document: Document, path: readonly (string | number)[]): string | undefined {
  const node = document.getIn(path, true)
  if (!isScalar(node) || node.value === null) return undefined
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
}

function readDependencies(document: Document, problems: Problem[]): ChartDependency[] {
  const list: unknown = (document.toJS({ maxAliasCount: 100 }) as { dependencies?: unknown }).dependencies
  if (list === undefined || list === null) return []
  if (!Array.isArray(list)) {
    problems.push(problem('chart-dependencies-invalid', 'dependencies in Chart.yaml is not a list.'))
    return []
  }
  return list.flatMap((_item, index) => {
    const at = (field: string) => textAt(document, ['dependencies', index, field])
    const name = at('name')
    if (!name) {
      problems.push(problem('chart-dependencies-invalid', `Dependency ${index + 1} in Chart.yaml has no name.`))
      return []
    }
    const [alias, condition] = [at('alias'), at('condition')]
    return {
      name,
      version: at('version') ?? '',
      repository: at('repository') ?? '',
      ...(alias ? { alias } : {}),
      ...(condition ? { condition } : {}),
    }
  })
}

function parse(text: string, lines: LineCounter): { document?: Document; problems: Problem[] } {
  if (text.length > maxCharacters) return { problems: [problem('chart-too-large', 'Chart.yaml is larger than 1 MiB.')] }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' })
  const [error] = document.errors
  if (error) {
    const { line, col } = lines.linePos(error.pos[0])
    const message = `Chart.yaml is not valid YAML at line ${line}, column ${col}: ${error.message}`
    return { problems: [{ ...problem('yaml-invalid', message), line, column: col }] }
  }
  if (!isMap(document.contents)) return { problems: [problem('chart-invalid', 'Chart.yaml is not a map.')] }
  return { document, problems: [] }
}

/** Reads a Chart.yaml of API version v1 or v2 by Helm's own rules for what must be there. */
export function readChartMetadata(text: string): ReadChart {
  const { document, problems } = parse(text, new LineCounter())
  if (!document) return { problems }
  const at = (field: string) => textAt(document, [field])
  const name = at('name')
  const written = at('version')
  const apiVersion = at('apiVersion') ?? 'v1'
  if (!name || /[/\\]/.test(name) || name === '.' || name === '..') {
    problems.push(
      problem('chart-name-invalid', 'Chart.yaml has no usable name.', 'Write name as text without slashes.'),
    )
  }
  // Helm accepts a leading v and one or two parts; SemVer 2 after that.
  const version = written === undefined ? null : valid(written.replace(/^v/, '').replace(/^(\d+)(\.\d+)?$/, pad))
  if (version === null) {
    const message = written ? `The chart version ${written} is no semantic version.` : 'Chart.yaml has no version.'
    problems.push(problem('chart-version-invalid', message, 'Write a version such as 0.2.1.'))
  }
  if (apiVersion !== 'v1' && apiVersion !== 'v2') {
    problems.push(problem('chart-api-version-unknown', `The chart has apiVersion ${apiVersion}; v1 and v2 are known.`))
  }
  const dependencies = readDependencies(document, problems)
  if (problems.length > 0 || !name || !written) return { problems }
  const appVersion = at('appVersion')
  return {
    problems,
    chart: {
      apiVersion: apiVersion === 'v2' ? 'v2' : 'v1',
      name,
      version: written,
      type: at('type') === 'library' ? 'library' : 'application',
      dependencies,
      ...(appVersion === undefined ? {} : { appVersion }),
    },
  }
}

const pad = (_all: string, major: string, minor: string | undefined): string => `${major}${minor ?? '.0'}.0`
