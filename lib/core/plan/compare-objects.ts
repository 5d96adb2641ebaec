import { stringify } from 'yaml'
import { canonicalJson } from '../audit/index.ts'
import type { KubeObject } from '../manifest/index.ts'
import { redactObject, type MaskValue } from '../redact/index.ts'
import { foldNoise } from './fold-noise.ts'
import type { PlannedObject, RenderedObject } from './types.ts'

const keepPolicy = 'helm.sh/resource-policy'

/** YAML of an object as pages show it: redacted, without noise, in one order of keys. */
export const shown = (object: KubeObject, hide: MaskValue): string =>
  stringify(sortedKeys(redactObject(foldNoise(object), hide)), { lineWidth: 0, aliasDuplicateObjects: false })

/** One order on both sides, so that only differences differ. apiVersion, kind and metadata stay first. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  const first = ['apiVersion', 'kind', 'metadata', 'name']
  const place = (key: string) => (first.includes(key) ? first.indexOf(key) : first.length)
  const keys = Object.keys(value).sort((a, b) => place(a) - place(b) || (a < b ? -1 : a > b ? 1 : 0))
  return Object.fromEntries(keys.map((key) => [key, sortedKeys((value as Record<string, unknown>)[key])]))
}

export function named({
  id,
  rendered,
}: RenderedObject): Pick<PlannedObject, 'id' | 'apiVersion' | 'kind' | 'namespace' | 'name'> {
  const { apiVersion, kind, metadata } = rendered
  return { id, apiVersion, kind, namespace: metadata.namespace, name: metadata.name }
}

/** What becomes of one rendered object. `hide` masks the values of Secrets, and tells equal from different. */
export function compareObject(object: RenderedObject, hide: MaskValue): PlannedObject {
  const { rendered, live, dryRun } = object
  const after = dryRun.kind === 'accepted' ? dryRun.object : rendered
  const base = {
    ...named(object),
    before: live ? shown(live, hide) : '',
    after: shown(after, hide),
    notes: [],
    ...(dryRun.kind === 'refused' ? { fails: dryRun.message } : {}),
  }
  if (!live) return { ...base, change: 'created' }
  if (base.before === base.after && dryRun.kind === 'accepted') return { ...base, change: 'unchanged' }
  const restarts = restartsOf(live, after)
  const notes = checksumNotes(live, after)
  return { ...base, change: 'changed', notes, ...(restarts === undefined ? {} : { restarts }) }
}

/** An object of the revision before that the new one does not have: deleted, unless it asks to stay. */
export function goneObject(
  id: string,
  before: KubeObject,
  live: KubeObject | undefined,
  hide: MaskValue,
): PlannedObject | undefined {
  if (!live) return undefined
  const keeps = before.metadata.annotations?.[keepPolicy]?.includes('keep') === true
  const { apiVersion, kind, metadata } = before
  return {
    id,
    apiVersion,
    kind,
    namespace: metadata.namespace,
    name: metadata.name,
    change: keeps ? 'kept' : 'deleted',
    before: shown(live, hide),
    after: keeps ? shown(live, hide) : '',
    notes: keeps ? [`${keepPolicy}: keep leaves it in the cluster.`] : [],
  }
}

interface Workload {
  replicas?: number
  template?: { metadata?: { annotations?: Record<string, string> } }
}

const workloads = new Set(['Deployment', 'StatefulSet', 'DaemonSet'])
const specOf = (object: KubeObject): Workload => (object.spec ?? {}) as Workload

/** Pods replaced because the template differs; undefined = none, or unknown for want of a template. */
function restartsOf(live: KubeObject, after: KubeObject): number | undefined {
  if (!workloads.has(live.kind) && !workloads.has(after.kind)) return undefined
  const [was, is] = [specOf(live), specOf(after)]
  if (canonicalJson(was.template ?? null) === canonicalJson(is.template ?? null)) return undefined
  const status = live.status as { replicas?: number; currentNumberScheduled?: number } | undefined
  return status?.replicas ?? status?.currentNumberScheduled ?? was.replicas ?? 1
}

/** `checksum/config` and the like say only that something else changed. */
function checksumNotes(live: KubeObject, after: KubeObject): string[] {
  const [was, is] = [live, after].map((object) => specOf(object).template?.metadata?.annotations ?? {})
  return Object.keys({ ...was, ...is })
    .filter((name) => /checksum|sha256|hash/i.test(name) && was?.[name] !== is?.[name])
    .sort()
    .map((name) => `${name} changes because what it sums up does.`)
}
