import { clusterNamespace, parseObjectId, type ManifestDocument } from '../manifest/index.ts'
import type { Problem } from '../problem/index.ts'
import type { Container } from '../values/types.ts'
import type { FindSource } from './read-chart-source.ts'
import { report, type Reader } from './read-fields.ts'
import { readSpecV1, type ReleaseSpec } from './read-v1.ts'
import { readSpecV2 } from './read-v2.ts'
import { isNamespaceName, isReleaseName } from './release-name.ts'
import type { Automation, DesiredRelease, Generation } from './types.ts'

/** What a HelmRelease is read with besides its own document. */
export interface ReleaseContext {
  /** Looks among the documents of the same snapshot. */
  find: FindSource
  containers?: Container[]
  automation?: Automation
}

export interface ReadRelease {
  /** Also given where a problem of severity `error` blocks it, so that pages can show it; absent for unknown generations. */
  release?: DesiredRelease
  problems: Problem[]
}

const noAutomation: Automation = { automated: false, ignored: false, filters: {}, refused: {} }

/** Nothing for what is no HelmRelease of a known generation. The betas of helm.toolkit.fluxcd.io read as v2. */
export function generationOf(apiVersion: string): Generation | undefined {
  if (apiVersion === 'flux.weave.works/v1beta1' || apiVersion === 'helm.fluxcd.io/v1') return apiVersion
  return /^helm\.toolkit\.fluxcd\.io\/v2(beta\d)?$/.test(apiVersion) ? 'helm.toolkit.fluxcd.io/v2' : undefined
}

/** What to do with a HelmRelease (or FluxHelmRelease) of a generation that is not read; nothing for everything else. */
export function unsupportedRelease(document: ManifestDocument): Problem | undefined {
  const { kind, apiVersion } = document.object
  const place = { path: document.path, line: document.line, subject: document.id }
  if (kind === 'FluxHelmRelease') {
    return {
      code: 'release-generation-unsupported',
      severity: 'error',
      message: `${document.id} is a FluxHelmRelease (${apiVersion}), a kind given up in 2018; it is not applied.`,
      suggestion:
        'Convert it: apiVersion helm.fluxcd.io/v1, kind HelmRelease, spec.chart.git with the URL of the charts repository, ' +
        'spec.chart.ref with its branch and spec.chart.path instead of spec.chartGitPath.',
      ...place,
    }
  }
  if (kind !== 'HelmRelease' || generationOf(apiVersion)) return undefined
  return {
    code: 'release-generation-unsupported',
    severity: 'error',
    message: `${document.id} has apiVersion ${apiVersion}, which is not known; it is not applied.`,
    suggestion: 'Use helm.fluxcd.io/v1, flux.weave.works/v1beta1 or helm.toolkit.fluxcd.io/v2.',
    ...place,
  }
}

function readSpec(
  reader: Reader,
  generation: Generation,
  namespace: string,
  name: string,
  find: FindSource,
): ReleaseSpec {
  switch (generation) {
    case 'flux.weave.works/v1beta1':
    case 'helm.fluxcd.io/v1':
      return readSpecV1(reader, generation, namespace, name)
    case 'helm.toolkit.fluxcd.io/v2':
      return readSpecV2(reader, namespace, name, find)
  }
}

function checkNames(reader: Reader, spec: ReleaseSpec): void {
  if (!isReleaseName(spec.releaseName)) {
    const message = `The release name ${spec.releaseName} is no name Helm takes: at most 53 characters of a-z, 0-9, - and dots.`
    report(reader, 'release-name-invalid', message, 'Write a shorter spec.releaseName.')
  }
  for (const field of ['targetNamespace', 'storageNamespace'] as const) {
    if (isNamespaceName(spec[field])) continue
    report(reader, 'namespace-invalid', `${field} ${spec[field]} is no name of a namespace.`)
  }
  if (spec.maxHistory < 0) report(reader, 'field-invalid', 'spec.maxHistory is negative.')
}

/** Reads one HelmRelease document with the defaults of its own generation (§4). Reads on after a problem, to tell them all. */
export function readHelmRelease(document: ManifestDocument, context: ReleaseContext): ReadRelease {
  const unsupported = unsupportedRelease(document)
  if (unsupported) return { problems: [unsupported] }
  const generation = generationOf(document.object.apiVersion)
  const parsed = parseObjectId(document.id)
  if (!generation || !parsed || parsed.kind !== 'helmrelease' || parsed.namespace === clusterNamespace)
    return { problems: [] }
  const { namespace, name } = parsed
  const reader: Reader = { document, problems: [] }
  const spec = readSpec(reader, generation, namespace, name, context.find)
  checkNames(reader, spec)
  const release: DesiredRelease = {
    ...spec,
    id: document.id,
    generation,
    namespace,
    name,
    path: document.path,
    line: document.line,
    digest: document.digest,
    labels: document.object.metadata.labels ?? {},
    annotations: document.object.metadata.annotations ?? {},
    containers: context.containers ?? [],
    automation: context.automation ?? noAutomation,
    problems: reader.problems,
  }
  return { release, problems: reader.problems }
}
