import type { ManifestDocument } from '../manifest/types.ts'
import { checkRef, helmRepository, isGitUrl, noSource, readChartPath, readSecretRef } from './chart-source-fields.ts'
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
import { fromGitRepository, fromHelmRepository, fromOciRepository } from './read-source-documents.ts'
import type { ChartSource } from './types.ts'

/** Finds a source document of the snapshot: HelmRepository, OCIRepository, GitRepository, HelmChart. */
export type FindSource = (kind: string, namespace: string, name: string) => ManifestDocument | undefined

const gitFields = ['git', 'ref', 'path', 'skipDepUpdate', 'secretRef']
const repositoryFields = ['repository', 'name', 'version', 'chartPullSecret']

/** A chart has one source; what is written of another one would be ignored. */
function reportBeside(chart: Section, fields: readonly string[], chosen: string): void {
  for (const field of fields) {
    if (!chart.fields[field]) continue
    reportNotHonoured(chart.reader, `${chart.path}.${field} beside ${chart.path}.${chosen}`, 'Write one source.')
  }
}

function readRepositoryV1(chart: Section, repository: string): ChartSource {
  const { reader } = chart
  reportBeside(chart, gitFields, 'repository')
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

/** `spec.chart` of the Helm Operator's generations. */
export function readChartV1(spec: Section, namespace: string): ChartSource {
  const { reader } = spec
  const chart = openSection(reader, spec.fields.chart, 'spec.chart', [...gitFields, ...repositoryFields])
  const repository = readText(chart, 'repository')
  if (repository !== undefined) return readRepositoryV1(chart, repository)
  const url = readText(chart, 'git')
  if (url === undefined && chart.fields.path === undefined) {
    report(reader, 'chart-missing', 'spec.chart names neither git and path nor repository, name and version.')
    return noSource
  }
  reportBeside(chart, repositoryFields, url === undefined ? 'path' : 'git')
  if (url !== undefined && !isGitUrl(url)) {
    report(reader, 'chart-url-invalid', 'spec.chart.git is no Git URL.')
    return noSource
  }
  const path = readChartPath(reader, readText(chart, 'path'), 'spec.chart.path')
  if (path === undefined) return noSource
  readSecretRef(chart, namespace, ['name', 'namespace'])
  const ref = readText(chart, 'ref') ?? (url === undefined ? undefined : 'master')
  return checkRef(reader, {
    kind: 'git',
    path,
    skipDependencies: readFlag(chart, 'skipDepUpdate') ?? false,
    ...(url === undefined ? {} : { url }),
    ...(ref === undefined ? {} : { ref }),
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
  // Charts of Git are followed by their content, which is what Revision asks for; those of a repository by their version,
  // where both mean the same.
  const strategy = readText(spec, 'reconcileStrategy') ?? 'ChartVersion'
  if (strategy !== 'ChartVersion' && strategy !== 'Revision') {
    reportNotHonoured(reader, `${path}.reconcileStrategy: ${strategy}`)
  }
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
