import type { DesiredRelease, ValuesSource } from '#lib/core/release/types.ts'
import { releaseId } from '#lib/core/identity/index.ts'
import type { KubeObject } from '#lib/core/manifest/index.ts'
import type { Watch } from '#lib/ports/cluster.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'cluster' | 'memory' | 'wakeups' | 'settings'>
type ObjectSource = Extract<ValuesSource, { kind: 'configmap' | 'secret' }>

export interface ValuesWatch {
  /** Follows what the snapshot names now. */
  update(): void
  stop(): void
}

/**
 * Watches the ConfigMaps and Secrets that releases take values from (§9.20), as metadata only: one watch for each kind and
 * namespace in use. A change wakes the releases that name the object; their digest then tells whether anything is new.
 */
export function watchValues(deps: Deps): ValuesWatch {
  const watches = new Map<string, Watch>()
  let users = new Map<string, string[]>()
  return {
    update() {
      users = usersOf(deps, deps.memory.snapshot?.releases ?? [])
      const wanted = new Set([...users.keys()].map((key) => key.slice(0, key.lastIndexOf('/'))))
      for (const [place, watch] of watches) {
        if (wanted.has(place)) continue
        watch.stop()
        watches.delete(place)
      }
      for (const place of wanted) {
        if (watches.has(place)) continue
        const wake = (name: string) => {
          for (const id of users.get(`${place}/${name}`) ?? []) deps.wakeups.wake('release', id)
        }
        watches.set(place, watchPlace(deps, place, wake))
      }
    },
    stop: () => watches.forEach((watch) => watch.stop()),
  }
}

function watchPlace(deps: Deps, place: string, wake: (name: string) => void): Watch {
  const [kind, namespace = ''] = place.split('/')
  return deps.cluster.watch<KubeObject>({
    apiVersion: 'v1',
    kind: kind === 'secret' ? 'Secret' : 'ConfigMap',
    namespace,
    // Helm's own records stand among the Secrets, and nobody takes values from them.
    ...(kind === 'secret' ? { fieldSelector: 'type!=helm.sh/release.v1' } : {}),
    metadataOnly: true,
    compact: ({ apiVersion, kind: seen, metadata: { name, uid, resourceVersion } }) => ({
      apiVersion,
      kind: seen,
      metadata: { name, namespace, uid, resourceVersion },
    }),
    onEvent: (event) => wake(event.object.metadata.name),
  })
}

/** Release ids by `<kind>/<namespace>/<name>` of what they take values from. */
function usersOf(deps: Deps, releases: readonly DesiredRelease[]): Map<string, string[]> {
  const users = new Map<string, string[]>()
  for (const release of releases) {
    for (const source of release.valuesFrom.filter(isObject)) {
      const key = `${source.kind}/${source.namespace}/${source.name}`
      const id = releaseId(deps.settings.clusterName, release.namespace, release.name)
      users.set(key, [...(users.get(key) ?? []), id])
    }
  }
  return users
}

function isObject(source: ValuesSource): source is ObjectSource {
  return source.kind === 'configmap' || source.kind === 'secret'
}
