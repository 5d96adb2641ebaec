import { canonicalDigest } from '../audit/index.ts'
import type { DesiredRelease } from './types.ts'

export type Values = Record<string, unknown>

/** One source of values, later ones winning; those with a target path win over all maps, in their own order. */
export type ValuesLayer =
  | { kind: 'map'; values: Values }
  /** `path` as in `helm --set` (dots, `\.`, `[0]`); `literal` = the text is never read as number, boolean or null. */
  | { kind: 'target'; path: string; text: string; literal?: boolean }

export class TargetPathError extends Error {}

const isMap = (value: unknown): value is Values => value !== null && typeof value === 'object' && !Array.isArray(value)

/** Plain assignment to `__proto__` would change the object's prototype instead of its data. */
function setOwn(target: Values, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
}

function mergeTwo(base: Values, over: Values): Values {
  const merged: Values = {}
  for (const key of Object.keys(base)) setOwn(merged, key, base[key])
  for (const key of Object.keys(over)) {
    const below = Object.hasOwn(base, key) ? base[key] : undefined
    const above = over[key]
    setOwn(merged, key, isMap(below) && isMap(above) ? mergeTwo(below, above) : above)
  }
  return merged
}

/** Steps of a target path: names for maps, numbers for lists. Throws `TargetPathError`. */
function readTargetPath(path: string): (string | number)[] {
  const steps: (string | number)[] = []
  const pattern = /\[(\d{1,5})\]|((?:\\.|[^.[\]\\])+)|(\.)|([\s\S])/gy
  let expectsName = true
  for (const match of path.matchAll(pattern)) {
    const [, index, name, dot] = match
    if (index !== undefined && !(expectsName && steps.length > 0)) steps.push(Number(index))
    else if (name !== undefined && expectsName) steps.push(name.replaceAll(/\\(.)/g, '$1'))
    else if (dot === undefined || expectsName) throw new TargetPathError(`targetPath ${path} cannot be read.`)
    expectsName = dot !== undefined
  }
  if (steps.length === 0 || expectsName) throw new TargetPathError(`targetPath ${path} cannot be read.`)
  if (steps.some((step) => typeof step === 'number' && step > 1_000)) {
    throw new TargetPathError(`targetPath ${path} has an index above 1,000.`)
  }
  return steps
}

/** Type of a value written as text, by the rules of `helm --set`. */
function readSetValue(text: string): unknown {
  const quoted = /^(['"])([\s\S]*)\1$/.exec(text)
  if (quoted) return quoted[2]
  if (text === 'true') return true
  if (text === 'false') return false
  if (text === 'null') return null
  if (text === '0') return 0
  const number = /^-?[1-9]\d*$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(number) ? number : text
}

function setAt(container: unknown, steps: readonly (string | number)[], value: unknown): unknown {
  const [step, ...rest] = steps
  if (step === undefined) return value
  if (typeof step === 'number') {
    const list: unknown[] = Array.isArray(container) ? [...(container as unknown[])] : []
    while (list.length <= step) list.push(null)
    list[step] = setAt(list[step], rest, value)
    return list
  }
  const map = mergeTwo(isMap(container) ? container : {}, {})
  setOwn(map, step, setAt(Object.hasOwn(map, step) ? map[step] : undefined, rest, value))
  return map
}

/**
 * Effective values: maps merge deeply, lists and scalars are replaced, `null` stays (Helm removes the chart's default by it).
 * Does not change its input. Throws `TargetPathError` for a path that cannot be read.
 */
export function mergeValues(layers: readonly ValuesLayer[]): Values {
  let merged: Values = {}
  for (const layer of layers) if (layer.kind === 'map') merged = mergeTwo(merged, layer.values)
  for (const layer of layers) {
    if (layer.kind !== 'target') continue
    const value = layer.literal ? layer.text : readSetValue(layer.text)
    merged = setAt(merged, readTargetPath(layer.path), value) as Values
  }
  return merged
}

/** SHA-256 hex of effective values, independent of the order of keys. */
export function valuesDigest(values: Values): string {
  return canonicalDigest(values)
}

/** The options that change what a release consists of; waiting, timeouts and retries do not. */
export function outcomeOptions(desired: DesiredRelease): Record<string, unknown> {
  const { releaseName, targetNamespace, storageNamespace, resetValues, crds, disableHooks, postRenderers } = desired
  return { releaseName, targetNamespace, storageNamespace, resetValues, crds, disableHooks, postRenderers }
}

/** The 40 hex digits of the label `wheelhouse.dev/inputs`: equal inputs give an equal release. */
export function inputsDigest(inputs: {
  chartDigest: string
  valuesDigest: string
  options: Record<string, unknown>
}): string {
  return canonicalDigest(inputs).slice(0, 40)
}
