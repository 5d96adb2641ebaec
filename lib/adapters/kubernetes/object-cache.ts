import type { KubeObject } from '#lib/core/manifest/types.ts'
import type { WatchEvent } from '#lib/ports/cluster.ts'

interface Entry<T> {
  uid: string | undefined
  resourceVersion: string | undefined
  object: T
}

/**
 * What a watch has reported so far, so that a relist can tell what was deleted meanwhile. An object of the same name
 * with another uid is another object: the old one is reported as deleted first.
 */
export class ObjectCache<T> {
  readonly #entries = new Map<string, Entry<T>>()
  /** Keys seen by the list under way; undefined between lists. */
  #seen: Set<string> | undefined

  beginList(): void {
    this.#seen = new Set()
  }

  /** Objects that the complete list did not hold any more. */
  endList(): WatchEvent<T>[] {
    const seen = this.#seen
    this.#seen = undefined
    if (seen === undefined) return []
    const gone: WatchEvent<T>[] = []
    for (const [key, entry] of this.#entries) {
      if (seen.has(key)) continue
      this.#entries.delete(key)
      gone.push({ kind: 'deleted', object: entry.object })
    }
    return gone
  }

  /** No event when exactly this version was reported before. */
  set(source: KubeObject, compact: (object: KubeObject) => T): WatchEvent<T>[] {
    const key = keyOf(source)
    this.#seen?.add(key)
    const { uid, resourceVersion } = source.metadata
    const before = this.#entries.get(key)
    const replaced = before !== undefined && before.uid !== uid
    if (
      before !== undefined &&
      !replaced &&
      resourceVersion !== undefined &&
      before.resourceVersion === resourceVersion
    ) {
      return []
    }
    const object = compact(source)
    this.#entries.set(key, { uid, resourceVersion, object })
    const events: WatchEvent<T>[] = [{ kind: 'set', object }]
    return replaced ? [{ kind: 'deleted', object: before.object }, ...events] : events
  }

  delete(source: KubeObject, compact: (object: KubeObject) => T): WatchEvent<T>[] {
    const key = keyOf(source)
    const before = this.#entries.get(key)
    if (before === undefined || before.uid !== source.metadata.uid) return []
    this.#entries.delete(key)
    return [{ kind: 'deleted', object: compact(source) }]
  }

  objects(): T[] {
    return Array.from(this.#entries.values(), (entry) => entry.object)
  }
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`
}
