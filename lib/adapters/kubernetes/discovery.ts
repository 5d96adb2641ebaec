import type { Clock } from '#lib/ports/clock.ts'
import { apiStatusOf } from './api-fault.ts'
import type { ApiRequest } from './transport.ts'
import type { Waker } from './waker.ts'

/** One kind as the server serves it. */
export interface ServerResource {
  apiVersion: string
  kind: string
  plural: string
  namespaced: boolean
}

export interface Discovery {
  /**
   * The server's resource for a kind; undefined = it does not know it. Hits are answered from memory; for a miss the
   * server is asked again unless what is known is younger than `maxAgeMs`.
   */
  find(apiVersion: string, kind: string, maxAgeMs?: number): Promise<ServerResource | undefined>
  /** After the server did not know a path that discovery promised. */
  forget(apiVersion: string): void
  /** Woken when an answer held kinds not known before. */
  changed: Waker
}

interface Known {
  readAt: number
  /** By kind; empty where the server does not know the group and version. */
  kinds: ReadonlyMap<string, ServerResource>
}

/** Between two questions about the same group and version, so that a kind that does not exist costs little. */
const missIntervalMs = 1000

type AskJson = (request: ApiRequest) => Promise<unknown>

export function createDiscovery(json: AskJson, clock: Clock, changed: Waker): Discovery {
  const known = new Map<string, Known>()
  const underWay = new Map<string, Promise<Known>>()
  let groups: { readAt: number; versions: Promise<ReadonlySet<string>> } | undefined

  const read = async (apiVersion: string): Promise<Known> => {
    const before = known.get(apiVersion)
    const kinds = await readKinds(json, apiVersion)
    const now: Known = { readAt: clock.now(), kinds }
    known.set(apiVersion, now)
    if (before !== undefined && [...kinds.keys()].some((kind) => !before.kinds.has(kind))) changed.wake()
    return now
  }

  const readOnce = (apiVersion: string): Promise<Known> => {
    const running = underWay.get(apiVersion)
    if (running !== undefined) return running
    const started = read(apiVersion).finally(() => underWay.delete(apiVersion))
    underWay.set(apiVersion, started)
    return started
  }

  /** One request answers for every absent group, however many watches wait for one. */
  const isServed = async (apiVersion: string, maxAgeMs: number): Promise<boolean> => {
    if (!apiVersion.includes('/')) return true
    if (groups === undefined || clock.now() - groups.readAt >= maxAgeMs) {
      const versions = json({ method: 'GET', path: '/apis' }).then(versionsOf)
      groups = { readAt: clock.now(), versions }
      versions.catch(() => {
        groups = undefined
      })
    }
    return (await groups.versions).has(apiVersion)
  }

  return {
    changed,
    async find(apiVersion, kind, maxAgeMs = missIntervalMs) {
      const seen = known.get(apiVersion)
      if (seen === undefined) return (await readOnce(apiVersion)).kinds.get(kind)
      const hit = seen.kinds.get(kind)
      if (hit !== undefined || clock.now() - seen.readAt < maxAgeMs) return hit
      if (seen.kinds.size === 0 && !(await isServed(apiVersion, maxAgeMs))) return undefined
      return (await readOnce(apiVersion)).kinds.get(kind)
    },
    forget(apiVersion) {
      known.delete(apiVersion)
    },
  }
}

async function readKinds(json: AskJson, apiVersion: string): Promise<ReadonlyMap<string, ServerResource>> {
  const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  try {
    return kindsOf(apiVersion, await json({ method: 'GET', path }))
  } catch (error) {
    if (apiStatusOf(error)?.status === 404) return new Map()
    throw error
  }
}

/** `metav1.APIResourceList`; subresources (`pods/log`) are left out. */
function kindsOf(apiVersion: string, answer: unknown): ReadonlyMap<string, ServerResource> {
  const kinds = new Map<string, ServerResource>()
  const resources = (answer as { resources?: unknown } | null)?.resources
  if (!Array.isArray(resources)) return kinds
  for (const resource of resources as { name?: unknown; kind?: unknown; namespaced?: unknown }[]) {
    if (typeof resource.name !== 'string' || typeof resource.kind !== 'string') continue
    if (resource.name.includes('/') || kinds.has(resource.kind)) continue
    kinds.set(resource.kind, {
      apiVersion,
      kind: resource.kind,
      plural: resource.name,
      namespaced: resource.namespaced === true,
    })
  }
  return kinds
}

/** `metav1.APIGroupList` as the set of its `group/version`. */
function versionsOf(answer: unknown): ReadonlySet<string> {
  const groups = (answer as { groups?: { versions?: { groupVersion?: unknown }[] }[] } | null)?.groups ?? []
  const versions = groups.flatMap((group) => group.versions ?? []).map((version) => version.groupVersion)
  return new Set(versions.filter((version) => typeof version === 'string'))
}
