import { parse } from 'yaml'
import { Fault } from '#lib/core/fault/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import { secretsInValues } from '#lib/core/redact/index.ts'
import { mergeValues, type ValuesLayer } from '#lib/core/release/index.ts'
import type { DesiredRelease, ValuesSource } from '#lib/core/release/types.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'cluster' | 'helm' | 'remoteText'>

export type ValuesReady =
  | { kind: 'ready'; values: Record<string, unknown>; secrets: string[] }
  | { kind: 'waiting'; problem: Problem }
  | { kind: 'failed'; problem: Problem }

/**
 * Effective values: `valuesFrom` in its order, then `spec.values` (semantics §4). A missing source waits unless it is
 * optional; one that holds no map is a problem either way (§9.20). `secrets` are the texts to keep out of every sink.
 */
export async function resolveValues(
  deps: Deps,
  release: DesiredRelease,
  chartPath: string | undefined,
): Promise<ValuesReady> {
  const layers: ValuesLayer[] = []
  const secrets = secretsInValues(release.values)
  for (const source of release.valuesFrom) {
    const read = await readSource(deps, source, chartPath)
    if (read.kind === 'failed')
      return {
        kind: 'waiting',
        problem: problemOf(release, source, `cannot be read: ${read.message}`, read.suggestion),
      }
    if (read.kind === 'absent') {
      if (source.optional) continue
      return { kind: 'waiting', problem: problemOf(release, source, 'is not there', 'Create it, or mark it optional.') }
    }
    const layer = toLayer(source, read.text)
    if (!layer)
      return { kind: 'failed', problem: problemOf(release, source, 'holds no YAML map', 'Correct its content.') }
    if (source.kind === 'secret') secrets.push(...textsIn(source, read.text))
    layers.push(layer)
  }
  return { kind: 'ready', values: mergeValues([...layers, { kind: 'map', values: release.values }]), secrets }
}

/** Texts out of the Secrets that can be read now, and what the values call a secret, whether or not the values as a whole can be. */
export async function secretsOfValues({ cluster }: Pick<Deps, 'cluster'>, release: DesiredRelease): Promise<string[]> {
  const found = secretsInValues(release.values)
  for (const source of release.valuesFrom) {
    const text = source.kind === 'secret' ? await textInCluster(cluster, source) : undefined
    if (text !== undefined) found.push(...textsIn(source, text))
  }
  return found
}

/** One that is no map is kept out as a whole. */
function textsIn(source: ValuesSource, text: string): string[] {
  const layer = toLayer(source, text)
  return layer?.kind === 'map' ? leafTexts(layer.values) : [text]
}

/** What a Secret's values hold, piece by piece: so it may appear in a manifest or a message. */
function leafTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(leafTexts)
}

function toLayer(source: ValuesSource, text: string): ValuesLayer | undefined {
  if ('targetPath' in source && source.targetPath)
    return { kind: 'target', path: source.targetPath, text, literal: source.literal ?? false }
  try {
    const values: unknown = parse(text, { maxAliasCount: 100 })
    if (values === null || values === undefined) return { kind: 'map', values: {} }
    if (typeof values !== 'object' || Array.isArray(values)) return undefined
    return { kind: 'map', values: values as Record<string, unknown> }
  } catch {
    return undefined
  }
}

type SourceRead =
  { kind: 'read'; text: string } | { kind: 'absent' } | { kind: 'failed'; message: string; suggestion: string }

/** A source that cannot be reached waits as one that is not there does; only the API server's absence is everyone's. */
async function readSource(deps: Deps, source: ValuesSource, chartPath: string | undefined): Promise<SourceRead> {
  try {
    const text = await textOf(deps, source, chartPath)
    return text === undefined ? { kind: 'absent' } : { kind: 'read', text }
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'cluster-unreachable') throw error
    return { kind: 'failed', message: error.message, suggestion: error.suggestion ?? 'Correct the source.' }
  }
}

async function textOf(deps: Deps, source: ValuesSource, chartPath: string | undefined): Promise<string | undefined> {
  switch (source.kind) {
    case 'configmap':
    case 'secret':
      return textInCluster(deps.cluster, source)
    case 'url':
      return deps.remoteText.read(source.url)
    case 'chart-file':
      // Without its chart the release is blocked anyway, and by the better reason.
      return chartPath === undefined ? undefined : deps.helm.readChartFile(chartPath, source.path)
  }
}

type InCluster = Extract<ValuesSource, { kind: 'configmap' | 'secret' }>

async function textInCluster(cluster: Deps['cluster'], source: InCluster): Promise<string | undefined> {
  const kind = source.kind === 'secret' ? 'Secret' : 'ConfigMap'
  const object = await cluster.get({ apiVersion: 'v1', kind, namespace: source.namespace, name: source.name })
  const text = (object?.data as Record<string, string> | undefined)?.[source.key]
  if (text === undefined) return undefined
  return source.kind === 'secret' ? Buffer.from(text, 'base64').toString('utf8') : text
}

function problemOf(release: DesiredRelease, source: ValuesSource, what: string, suggestion: string): Problem {
  const name = nameOf(source)
  return {
    code: 'values-source',
    severity: 'error',
    message: `Values source ${name} ${what}.`,
    suggestion,
    path: release.path,
    line: release.line,
    subject: release.id,
  }
}

function nameOf(source: ValuesSource): string {
  switch (source.kind) {
    case 'configmap':
    case 'secret':
      return `${source.kind} ${source.namespace}/${source.name} key ${source.key}`
    case 'url':
      // A query may hold a signature.
      return `URL ${source.url.split('?')[0]}`
    case 'chart-file':
      return `chart file ${source.path}`
  }
}
