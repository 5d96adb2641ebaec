import { gunzipSync } from 'node:zlib'
import type { HelmStatus } from './types.ts'

/** What one release Secret of Helm holds. Not redacted. */
export interface StoredRelease {
  name: string
  namespace: string
  revision: number
  status: HelmStatus
  description: string
  notes: string
  /** Milliseconds since the epoch. */
  firstDeployedAt?: number
  lastDeployedAt?: number
  chart: { name: string; version: string; appVersion?: string }
  /** Values the user gave, without the chart's defaults. */
  config: Record<string, unknown>
  manifest: string
  hooks: StoredHook[]
  /** Labels given with `--labels`; they stand on the Secret, not in its payload. */
  labels: Record<string, string>
}

export interface StoredHook {
  name: string
  kind: string
  path: string
  manifest: string
  events: string[]
  weight: number
  /** `Succeeded`, `Failed`, `Running`, `Unknown`; absent = never run. */
  phase?: string
}

/** Bytes; an etcd object holds at most 1.5 MB, which gzip may have shrunk a thousandfold. */
const maxBytes = 128 * 1024 * 1024
const systemLabels = new Set(['name', 'owner', 'status', 'version', 'createdAt', 'modifiedAt'])
const statuses: readonly string[] = [
  'deployed',
  'superseded',
  'failed',
  'uninstalled',
  'uninstalling',
  'pending-install',
  'pending-upgrade',
  'pending-rollback',
] satisfies HelmStatus[]

const mapOf = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0)

function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) || time <= 0 ? undefined : time
}

function readPayload(data: string): Record<string, unknown> {
  const inner = Buffer.from(Buffer.from(data, 'base64').toString('latin1'), 'base64')
  const zipped = inner[0] === 0x1f && inner[1] === 0x8b
  // Helm 2 and early Helm 3 releases may be stored without compression.
  const json = zipped ? gunzipSync(inner, { maxOutputLength: maxBytes }) : inner
  return mapOf(JSON.parse(json.toString('utf8')))
}

function readHook(value: unknown): StoredHook {
  const hook = mapOf(value)
  const phase = textOf(mapOf(hook.last_run).phase)
  const events = Array.isArray(hook.events) ? hook.events.filter((event) => typeof event === 'string') : []
  return {
    name: textOf(hook.name),
    kind: textOf(hook.kind),
    path: textOf(hook.path),
    manifest: textOf(hook.manifest),
    events,
    weight: numberOf(hook.weight),
    ...(phase === '' ? {} : { phase }),
  }
}

/**
 * Reads `data.release` of a Secret `sh.helm.release.v1.NAME.vN` (base64 of base64 of gzip of JSON); `labels` are those of the
 * Secret. Nothing if it is no release.
 */
export function decodeHelmRelease(
  secretDataBase64: string,
  labels: Record<string, string> = {},
): StoredRelease | undefined {
  let payload: Record<string, unknown>
  try {
    payload = readPayload(secretDataBase64)
  } catch {
    return undefined // neither base64, gzip nor JSON; the message could quote values
  }
  const name = textOf(payload.name)
  if (name === '') return undefined
  const info = mapOf(payload.info)
  const metadata = mapOf(mapOf(payload.chart).metadata)
  const [firstDeployedAt, lastDeployedAt] = [timeOf(info.first_deployed), timeOf(info.last_deployed)]
  const [status, appVersion] = [textOf(info.status), textOf(metadata.appVersion)]
  return {
    name,
    namespace: textOf(payload.namespace),
    revision: numberOf(payload.version),
    status: statuses.includes(status) ? (status as HelmStatus) : 'unknown',
    description: textOf(info.description),
    notes: textOf(info.notes),
    chart: {
      name: textOf(metadata.name),
      version: textOf(metadata.version),
      ...(appVersion === '' ? {} : { appVersion }),
    },
    config: mapOf(payload.config),
    manifest: textOf(payload.manifest),
    hooks: Array.isArray(payload.hooks) ? payload.hooks.map(readHook) : [],
    labels: Object.fromEntries(Object.entries(labels).filter(([key]) => !systemLabels.has(key))),
    ...(firstDeployedAt === undefined ? {} : { firstDeployedAt }),
    ...(lastDeployedAt === undefined ? {} : { lastDeployedAt }),
  }
}
