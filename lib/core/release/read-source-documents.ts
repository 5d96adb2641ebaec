import { chartLayerType } from '../chart/index.ts'
import type { ManifestDocument } from '../manifest/types.ts'
import {
  checkRef,
  helmRepository,
  isGitUrl,
  noSource,
  readChartPath,
  readSecretRef,
  trimSlash,
} from './chart-source-fields.ts'
import { openSection, readFlag, readText, report, reportNotHonoured, type Reader, type Section } from './read-fields.ts'
import type { ChartSource } from './types.ts'

const sourceFields = ['url', 'secretRef', 'interval', 'timeout', 'provider', 'suspend']

/** `interval` and `timeout` are honoured in that sources are followed at once or at the worker's own pace. */
function openSource(reader: Reader, source: ManifestDocument, known: readonly string[]): Section {
  const spec = openSection(reader, source.object.spec, `${source.id} spec`, [...sourceFields, ...known])
  const provider = readText(spec, 'provider') ?? 'generic'
  if (provider !== 'generic') {
    reportNotHonoured(reader, `${spec.path}.provider: ${provider}`, 'Use the provider generic and a secretRef.')
  }
  if (readFlag(spec, 'suspend')) {
    reportNotHonoured(reader, `${spec.path}.suspend`, 'Suspend or lock the releases that use it instead.')
  }
  return spec
}

const namespaceOf = (source: ManifestDocument): string => source.object.metadata.namespace ?? 'default'

export function fromGitRepository(reader: Reader, source: ManifestDocument, written: string): ChartSource {
  const spec = openSource(reader, source, ['ref', 'ignore', 'recurseSubmodules', 'verify'])
  const ref = openSection(reader, spec.fields.ref, `${spec.path}.ref`, ['branch', 'tag', 'commit', 'name'])
  for (const field of ['verify', 'recurseSubmodules']) {
    if (spec.fields[field]) reportNotHonoured(reader, `${spec.path}.${field}`)
  }
  if (readText(spec, 'ignore')) {
    const suggestion = 'Remove it: nothing but the directory of the chart is taken, and its .helmignore counts.'
    reportNotHonoured(reader, `${spec.path}.ignore`, suggestion)
  }
  readSecretRef(spec, namespaceOf(source))
  const url = readText(spec, 'url')
  if (url === undefined || !isGitUrl(url)) {
    report(reader, 'chart-url-invalid', `${source.id} has no usable spec.url.`)
    return noSource
  }
  const path = readChartPath(reader, written, 'spec.chart.spec.chart')
  if (path === undefined) return noSource
  const named = ['commit', 'name', 'tag', 'branch'].map((field) => readText(ref, field))
  const chosen = named.find((name) => name !== undefined) ?? 'master'
  return checkRef(reader, { kind: 'git', url, ref: chosen, path, skipDependencies: false })
}

export function fromHelmRepository(
  reader: Reader,
  source: ManifestDocument,
  chart: { chart: string; version: string },
): ChartSource {
  const spec = openSource(reader, source, ['type', 'passCredentials', 'insecure'])
  if (readFlag(spec, 'passCredentials')) reportNotHonoured(reader, `${spec.path}.passCredentials`)
  const [url, type, insecure] = [readText(spec, 'url'), readText(spec, 'type'), readFlag(spec, 'insecure')]
  if (url === undefined) {
    report(reader, 'chart-url-invalid', `${source.id} has no spec.url.`)
    return noSource
  }
  if (type === 'oci' ? !url.startsWith('oci://') : type !== undefined && type !== 'default') {
    reportNotHonoured(reader, `${spec.path}.type: ${type}`, 'Write type oci with an oci:// URL, or remove it.')
  }
  const found = helmRepository(reader, url, chart.chart, chart.version)
  return {
    ...found,
    ...readSecretRef(spec, namespaceOf(source)),
    // As in Flux, it means something for OCI alone: an http:// URL says so itself.
    ...(found.kind === 'oci' && insecure ? { insecure } : {}),
  }
}

/** The one layer that a chart is taken from; Flux documents write it out. */
function checkLayer(spec: Section): void {
  const selector = openSection(spec.reader, spec.fields.layerSelector, `${spec.path}.layerSelector`, [
    'mediaType',
    'operation',
  ])
  const [mediaType, operation] = [readText(selector, 'mediaType'), readText(selector, 'operation')]
  if (mediaType !== undefined && mediaType !== chartLayerType) {
    reportNotHonoured(spec.reader, `${selector.path}.mediaType: ${mediaType}`, `Use ${chartLayerType}.`)
  }
  if (operation !== undefined && operation !== 'copy' && operation !== 'extract') {
    reportNotHonoured(spec.reader, `${selector.path}.operation: ${operation}`)
  }
}

export function fromOciRepository(reader: Reader, source: ManifestDocument): ChartSource {
  const spec = openSource(reader, source, ['ref', 'layerSelector', 'insecure'])
  checkLayer(spec)
  const ref = openSection(reader, spec.fields.ref, `${spec.path}.ref`, ['tag', 'semver', 'digest'])
  const [url, insecure] = [readText(spec, 'url'), readFlag(spec, 'insecure')]
  if (url === undefined || !url.startsWith('oci://')) {
    report(reader, 'chart-url-invalid', `${source.id} has no oci:// spec.url.`)
    return noSource
  }
  const [version, tag, digest] = [readText(ref, 'semver'), readText(ref, 'tag'), readText(ref, 'digest')]
  return {
    kind: 'oci',
    url: trimSlash(url),
    ...(version === undefined ? {} : { version }),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
    ...readSecretRef(spec, namespaceOf(source)),
    ...(insecure ? { insecure } : {}),
  }
}
