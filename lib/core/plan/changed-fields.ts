type Fields = Record<string, unknown>

const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Paths of the smallest parts in which two values differ: `spec.replicas`, `spec.template.spec.containers[podinfo].image`.
 * Items of lists are known by their names where all of both lists have one, else by their place.
 */
export function changedFields(before: unknown, after: unknown, path = ''): string[] {
  if (isMap(before) && isMap(after)) return below(before, after, (key) => `${path}${path === '' ? '' : '.'}${key}`)
  if (Array.isArray(before) && Array.isArray(after)) {
    const [was, is] = [namedItems(before), namedItems(after)]
    const [left, right] = was && is ? [was, is] : [{ ...before }, { ...after }]
    return below(left as Fields, right as Fields, (key) => `${path}[${key}]`)
  }
  return before === after ? [] : [path]
}

function below(before: Fields, after: Fields, at: (key: string) => string): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].flatMap((key) => changedFields(before[key], after[key], at(key)))
}

function namedItems(items: readonly unknown[]): Fields | undefined {
  const entries = items.map((item): [unknown, unknown] => [isMap(item) ? item.name : undefined, item])
  const names = new Set(entries.map(([name]) => name))
  if (names.size < entries.length || entries.some(([name]) => typeof name !== 'string')) return undefined
  return Object.fromEntries(entries) as Fields
}
