import { safeChartPath } from '../chart/index.ts'
import type { ManifestDocument } from '../manifest/types.ts'
import {
  isMap,
  openSection,
  readFlag,
  readText,
  report,
  reportNotHonoured,
  type Reader,
  type Section,
} from './read-fields.ts'
import type { ChartSource, SecretName } from './types.ts'

/** Finds a source document of the snapshot: HelmRepository, OCIRepository, GitRepository, HelmChart. */
export type FindSource = (kind: string, namespace: string, name: string) => ManifestDocument | undefined

/** Stands in for a source that could not be read; the problem reported with it blocks the release. */
const noSource: ChartSource = { kind: 'git', path: '.', skipDependencies: true }

const isWebUrl = (url: string): boolean => /^https?:\/\/[^\s]+$/.test(url)
const isGitUrl = (url: string): boolean =>
  /^(https?|ssh|git|file):\/\/[^\s]+$/.test(url) || /^[\w.-]+@[\w.-]+:[^\s:][^\s]*$/.test(url)

/** A branch, tag or commit that Git cannot take for an option or a range. */
function checkRef(reader: Reader, source: ChartSource): ChartSource {
  if (source.kind !== 'git' || source.ref === undefined) return source
  if (/^[A-Za-z0-9_][^\s~^:?*[\\]*$/.test(source.ref) && !source.ref.includes('..')) return source
  report(reader, 'chart-ref-invalid', 'The chart ref is no name of a branch, tag or commit.')
  return noSource
}

function chartPath(reader: Reader, written: string | undefined, field: string): string | undefined {
  if (written === undefined) {
    report(reader, 'chart-missing', `${field} is missing.`, 'Write the path of the chart in its repository.')
    return undefined
  }
  const checked = safeChartPath(written)
  if (checked.ok) return checked.path
  report(reader, checked.problem.code, checked.problem.message, checked.problem.suggestion)
  return undefined
}

function secretOf(section: Section, namespace: string, known: readonly string[] = ['name']): { secret?: SecretName } {
  if (section.fields.secretRef === undefined || section.fields.secretRef === null) return {}
  const ref = openSection(section.reader, section.fields.secretRef, `${section.path}.secretRef`, known)
  const name = readText(ref, 'name')
  return name === undefined ? {} : { secret: { namespace: readText(ref, 'namespace') ?? namespace, name } }
}

const trimSlash = (url: string): string => url.replace(/\/+$/, '')

function helmRepository(reader: Reader, url: string, name: string, version: string): ChartSource {
  if (url.startsWith('oci://')) return { kind: 'oci', url: `${trimSlash(url)}/${name}`, version }
  if (isWebUrl(url)) return { kind: 'http', url: trimSlash(url), name, version }
  report(reader, 'chart-url-invalid', 'The chart repository is no http(s):// or oci:// URL.')
  return noSource
}

/** `spec.chart` of the Helm Operator's generations. */
export function readChartV1(spec: Section, namespace: string): ChartSource {
  const { reader } = spec
  const known = ['git', 'ref', 'path', 'skipDepUpdate', 'secretRef', 'repository', 'name', 'version', 'chartPullSecret']
  const chart = openSection(reader, spec.fields.chart, 'spec.chart', known)
  const repository = readText(chart, 'repository')
  const url = readText(chart, 'git')
  if (repository !== undefined) {
    const [name, version] = [readText(chart, 'name'), readText(chart, 'version')]
    if (name === undefined || version === undefined) {
      report(reader, 'chart-missing', 'spec.chart names a repository but lacks name or version.')
      return noSource
    }
    if (chart.fields.chartPullSecret) {
      reportNotHonoured(reader, 'spec.chart.chartPullSecret', 'It never worked; store the credentials in the settings.')
    }
    return helmRepository(reader, repository, name, version)
  }
  if (url === undefined && chart.fields.path === undefined) {
    report(reader, 'chart-missing', 'spec.chart names neither git and path nor repository, name and version.')
    return noSource
  }
  if (url !== undefined && !isGitUrl(url)) {
    report(reader, 'chart-url-invalid', 'spec.chart.git is no Git URL.')
    return noSource
  }
  const path = chartPath(reader, readText(chart, 'path'), 'spec.chart.path')
  if (path === undefined) return noSource
  const ref = readText(chart, 'ref') ?? (url === undefined ? undefined : 'master')
  return checkRef(reader, {
    kind: 'git',
    path,
    skipDependencies: readFlag(chart, 'skipDepUpdate') ?? false,
    ...(url === undefined ? {} : { url }),
    ...(ref === undefined ? {} : { ref }),
    ...secretOf(chart, namespace, ['name', 'namespace']),
  })
}

interface ChartTemplate {
  chart: string
  version: string
  sourceKind: string
  sourceNamespace: string
  sourceName: string
}

const templateFields = ['chart', 'version', 'sourceRef', 'interval', 'reconcileStrategy']

function readTemplate(reader: Reader, value: unknown, path: string, namespace: string): ChartTemplate | undefined {
  const spec = openSection(reader, value, path, templateFields)
  const ref = openSection(reader, spec.fields.sourceRef, `${path}.sourceRef`, [
    'apiVersion',
    'kind',
    'name',
    'namespace',
  ])
  const [chart, sourceKind, sourceName] = [readText(spec, 'chart'), readText(ref, 'kind'), readText(ref, 'name')]
  if (chart === undefined || sourceKind === undefined || sourceName === undefined) {
    report(reader, 'chart-missing', `${path} lacks chart, sourceRef.kind or sourceRef.name.`)
    return undefined
  }
  return {
    chart,
    sourceKind,
    sourceName,
    version: readText(spec, 'version') ?? '*',
    sourceNamespace: readText(ref, 'namespace') ?? namespace,
  }
}

function fromGitRepository(reader: Reader, source: ManifestDocument, written: string): ChartSource {
  const at = `${source.id} spec`
  const known = [
    'url',
    'ref',
    'secretRef',
    'interval',
    'timeout',
    'ignore',
    'provider',
    'recurseSubmodules',
    'verify',
    'suspend',
  ]
  const spec = openSection(reader, source.object.spec, at, known)
  const ref = openSection(reader, spec.fields.ref, `${at}.ref`, ['branch', 'tag', 'commit', 'name'])
  for (const field of ['verify', 'recurseSubmodules']) {
    if (spec.fields[field]) reportNotHonoured(reader, `${at}.${field}`)
  }
  const url = readText(spec, 'url')
  if (url === undefined || !isGitUrl(url)) {
    report(reader, 'chart-url-invalid', `${source.id} has no usable spec.url.`)
    return noSource
  }
  const path = chartPath(reader, written, 'spec.chart.spec.chart')
  if (path === undefined) return noSource
  const named = ['commit', 'name', 'tag', 'branch'].map((field) => readText(ref, field))
  const namespace = source.object.metadata.namespace ?? 'default'
  const chosen = named.find((name) => name !== undefined) ?? 'master'
  return checkRef(reader, {
    kind: 'git',
    url,
    ref: chosen,
    path,
    skipDependencies: false,
    ...secretOf(spec, namespace),
  })
}

function fromHelmRepository(reader: Reader, source: ManifestDocument, template: ChartTemplate): ChartSource {
  const at = `${source.id} spec`
  const known = ['url', 'type', 'secretRef', 'interval', 'timeout', 'provider', 'passCredentials', 'suspend']
  const spec = openSection(reader, source.object.spec, at, known)
  if (readFlag(spec, 'passCredentials')) reportNotHonoured(reader, `${at}.passCredentials`)
  const url = readText(spec, 'url')
  if (url === undefined) {
    report(reader, 'chart-url-invalid', `${source.id} has no spec.url.`)
    return noSource
  }
  const found = helmRepository(reader, url, template.chart, template.version)
  return { ...found, ...secretOf(spec, source.object.metadata.namespace ?? 'default') }
}

function fromOciRepository(reader: Reader, source: ManifestDocument): ChartSource {
  const at = `${source.id} spec`
  const known = ['url', 'ref', 'secretRef', 'interval', 'timeout', 'provider', 'layerSelector', 'suspend', 'insecure']
  const spec = openSection(reader, source.object.spec, at, known)
  const ref = openSection(reader, spec.fields.ref, `${at}.ref`, ['tag', 'semver', 'digest'])
  const url = readText(spec, 'url')
  if (url === undefined || !url.startsWith('oci://')) {
    report(reader, 'chart-url-invalid', `${source.id} has no oci:// spec.url.`)
    return noSource
  }
  const [version, digest] = [readText(ref, 'semver') ?? readText(ref, 'tag'), readText(ref, 'digest')]
  return {
    kind: 'oci',
    url: trimSlash(url),
    ...(version === undefined ? {} : { version }),
    ...(digest === undefined ? {} : { digest }),
    ...secretOf(spec, source.object.metadata.namespace ?? 'default'),
  }
}

function fromTemplate(reader: Reader, template: ChartTemplate, find: FindSource): ChartSource {
  const { sourceKind, sourceNamespace, sourceName } = template
  const source = find(sourceKind, sourceNamespace, sourceName)
  if (!source) {
    const message = `${sourceKind} ${sourceNamespace}/${sourceName} is not in the repository.`
    report(
      reader,
      'chart-source-missing',
      message,
      'Commit the document of the chart source, or correct the reference.',
    )
    return noSource
  }
  if (sourceKind === 'GitRepository') return fromGitRepository(reader, source, template.chart)
  if (sourceKind === 'HelmRepository') return fromHelmRepository(reader, source, template)
  reportNotHonoured(reader, `a chart from a ${sourceKind}`, 'Use a HelmRepository, OCIRepository or GitRepository.')
  return noSource
}

/** `spec.chart` or `spec.chartRef` of helm.toolkit.fluxcd.io, resolved through the documents of the same snapshot. */
export function readChartV2(spec: Section, namespace: string, find: FindSource): ChartSource {
  const { reader } = spec
  if (isMap(spec.fields.chart)) {
    const chart = openSection(reader, spec.fields.chart, 'spec.chart', ['spec', 'metadata'])
    const template = readTemplate(reader, chart.fields.spec, 'spec.chart.spec', namespace)
    return template ? fromTemplate(reader, template, find) : noSource
  }
  const ref = openSection(reader, spec.fields.chartRef, 'spec.chartRef', ['apiVersion', 'kind', 'name', 'namespace'])
  const [kind, name] = [readText(ref, 'kind'), readText(ref, 'name')]
  if (kind === undefined || name === undefined) {
    report(reader, 'chart-missing', 'The release has neither spec.chart nor a complete spec.chartRef.')
    return noSource
  }
  const place = readText(ref, 'namespace') ?? namespace
  const source = find(kind, place, name)
  if (!source) {
    report(reader, 'chart-source-missing', `${kind} ${place}/${name} is not in the repository.`)
    return noSource
  }
  if (kind === 'OCIRepository') return fromOciRepository(reader, source)
  if (kind !== 'HelmChart') {
    reportNotHonoured(reader, `spec.chartRef of kind ${kind}`, 'Refer to an OCIRepository or a HelmChart.')
    return noSource
  }
  const template = readTemplate(reader, source.object.spec, `${source.id} spec`, place)
  return template ? fromTemplate(reader, template, find) : noSource
}
