import type { KubeObject } from '../manifest/index.ts'

type Entry = NonNullable<KubeObject['metadata']['managedFields']>[number]

/** Field managers that act by themselves: what they own is theirs and changes under any plan (§9.25). */
const controllers = /controller|autoscaler|cainjector|kubelet|webhook|admission|operator|scheduler/i

function isController(entry: Entry): boolean {
  return entry.subresource === 'scale' || entry.subresource === 'status' || controllers.test(entry.manager ?? '')
}

/** `f:spec` → `spec`; list items (`k:…`, `v:…`) and `.` name no field of a map. */
function fieldName(key: string): string | undefined {
  return key.startsWith('f:') ? key.slice(2) : undefined
}

function collect(fields: unknown, path: readonly string[], found: Set<string>): void {
  if (typeof fields !== 'object' || fields === null) return
  const names = Object.keys(fields).filter((key) => key !== '.')
  if (names.length === 0) {
    found.add(path.join('\u0000'))
    return
  }
  for (const key of names) {
    const name = fieldName(key)
    // Items of lists are not told apart: the list as a whole counts.
    if (name === undefined) found.add(path.join('\u0000'))
    else collect((fields as Record<string, unknown>)[key], [...path, name], found)
  }
}

/** Paths of fields that controllers own, joined by NUL. Source: Kubernetes' FieldsV1. */
function controllerOwned(live: KubeObject): Set<string> {
  const found = new Set<string>()
  for (const entry of live.metadata.managedFields ?? []) if (isController(entry)) collect(entry.fieldsV1, [], found)
  return found
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The live values of exactly the fields that `rendered` sets: what a plan's digest binds. Fields owned by controllers (replicas
 * under an autoscaler, injected CA bundles) are left out, and so is everything the plan does not touch.
 */
export function liveValuesOf(rendered: unknown, live: unknown, owned: ReadonlySet<string>): unknown {
  return project(rendered, live, owned, [])
}

function project(rendered: unknown, live: unknown, owned: ReadonlySet<string>, path: readonly string[]): unknown {
  if (!isMap(rendered) || !isMap(live)) return live
  const result: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(rendered)) {
    const at = [...path, name]
    if (owned.has(at.join('\u0000')) || !Object.hasOwn(live, name)) continue
    result[name] = project(value, live[name], owned, at)
  }
  return result
}

const replicas = 'spec\u0000replicas'

/** `<kind> <name>` of what the autoscalers among these objects look after, also before they have set anything. */
export function scaledBy(objects: readonly KubeObject[]): Set<string> {
  const targets = objects
    .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
    .map(({ spec }) => (spec as { scaleTargetRef?: { kind?: string; name?: string } }).scaleTargetRef)
  return new Set(targets.map((target) => `${target?.kind} ${target?.name}`))
}

/** Paths as `controllerOwned` names them, with the replicas of what is scaled. */
export function ownedFields(live: KubeObject, scaled: ReadonlySet<string>): Set<string> {
  const owned = controllerOwned(live)
  if (scaled.has(`${live.kind} ${live.metadata.name}`)) owned.add(replicas)
  return owned
}

/** `wanted` with the live values of the fields that controllers own. */
export function keepOwned(wanted: unknown, live: unknown, owned: ReadonlySet<string>): unknown {
  return keepBelow(wanted, live, owned, [])
}

function keepBelow(wanted: unknown, live: unknown, owned: ReadonlySet<string>, path: readonly string[]): unknown {
  if (!isMap(wanted) || !isMap(live)) return wanted
  const result: Record<string, unknown> = {}
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(live)])) {
    const at = [...path, name]
    const value = owned.has(at.join('\u0000')) ? live[name] : keepBelow(wanted[name], live[name], owned, at)
    if (value !== undefined) result[name] = value
  }
  return result
}
