import { safeChartPath } from '../chart/index.ts'
import { openSection, readText, report, type Reader, type Section } from './read-fields.ts'
import type { ChartSource, SecretName } from './types.ts'

/** Stands in for a source that could not be read; the problem reported with it blocks the release. */
export const noSource: ChartSource = { kind: 'git', path: '.', skipDependencies: true }

const isWebUrl = (url: string): boolean => /^https?:\/\/[^\s]+$/.test(url)

export const isGitUrl = (url: string): boolean =>
  /^(https?|ssh|git|file):\/\/[^\s]+$/.test(url) || /^[\w.-]+@[\w.-]+:[^\s:][^\s]*$/.test(url)

/** A branch, tag or commit that Git cannot take for an option or a range. */
export function checkRef(reader: Reader, source: ChartSource): ChartSource {
  if (source.kind !== 'git' || source.ref === undefined) return source
  if (/^[A-Za-z0-9_][^\s~^:?*[\\]*$/.test(source.ref) && !source.ref.includes('..')) return source
  report(reader, 'chart-ref-invalid', 'The chart ref is no name of a branch, tag or commit.')
  return noSource
}

export function readChartPath(reader: Reader, written: string | undefined, field: string): string | undefined {
  if (written === undefined) {
    report(reader, 'chart-missing', `${field} is missing.`, 'Write the path of the chart in its repository.')
    return undefined
  }
  const checked = safeChartPath(written)
  if (checked.ok) return checked.path
  report(reader, checked.problem.code, checked.problem.message, checked.problem.suggestion)
  return undefined
}

/**
 * `secretRef` of a source. That of a Git source is only read for its mistakes: charts come from the config repository,
 * which the worker reads with its own credentials.
 */
export function readSecretRef(
  section: Section,
  namespace: string,
  known: readonly string[] = ['name'],
): { secret?: SecretName } {
  if (section.fields.secretRef === undefined || section.fields.secretRef === null) return {}
  const ref = openSection(section.reader, section.fields.secretRef, `${section.path}.secretRef`, known)
  const name = readText(ref, 'name')
  return name === undefined ? {} : { secret: { namespace: readText(ref, 'namespace') ?? namespace, name } }
}

export const trimSlash = (url: string): string => url.replace(/\/+$/, '')

export function helmRepository(reader: Reader, url: string, name: string, version: string): ChartSource {
  if (url.startsWith('oci://')) return { kind: 'oci', url: `${trimSlash(url)}/${name}`, version }
  if (isWebUrl(url)) return { kind: 'http', url: trimSlash(url), name, version }
  report(reader, 'chart-url-invalid', 'The chart repository is no http(s):// or oci:// URL.')
  return noSource
}
