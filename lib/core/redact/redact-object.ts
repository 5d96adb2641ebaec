import { mask } from './mask.ts'

/** What stands for one hidden value; a keyed hash here lets a diff tell that a value changed. */
export type MaskValue = (value: string) => string

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'
const always: MaskValue = () => mask

type Fields = Record<string, unknown>
const isMap = (value: unknown): value is Fields => value !== null && typeof value === 'object' && !Array.isArray(value)

function maskAll(value: unknown, hide: MaskValue): unknown {
  if (value === null || value === undefined) return value
  if (!isMap(value)) return mask
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [
    key,
    typeof item === 'string' ? hide(item) : mask,
  ])
  return Object.fromEntries(entries)
}

function withoutLastApplied(metadata: unknown): unknown {
  if (!isMap(metadata) || !isMap(metadata.annotations) || !(lastApplied in metadata.annotations)) return metadata
  return { ...metadata, annotations: { ...metadata.annotations, [lastApplied]: mask } }
}

/**
 * A copy of a Kubernetes object (or List) without the data of Secrets and without last-applied annotations, which repeat it.
 * Keys stay: they tell what a Secret holds.
 */
export function redactObject<T>(object: T, hide: MaskValue = always): T {
  if (!isMap(object)) return object
  const copy: Fields = { ...object }
  if ('metadata' in copy) copy.metadata = withoutLastApplied(copy.metadata)
  const kind = typeof copy.kind === 'string' ? copy.kind : ''
  if (kind === 'Secret') {
    for (const field of ['data', 'stringData']) if (field in copy) copy[field] = maskAll(copy[field], hide)
  }
  if (kind.endsWith('List') && Array.isArray(copy.items)) {
    // Items of a typed list (SecretList) need not repeat their kind.
    const itemKind = kind === 'List' ? undefined : kind.slice(0, -'List'.length)
    copy.items = copy.items.map((item: unknown) =>
      isMap(item) && itemKind !== undefined && item.kind === undefined
        ? redactObject({ ...item, kind: itemKind }, hide)
        : redactObject(item, hide),
    )
  }
  return copy as T
}
