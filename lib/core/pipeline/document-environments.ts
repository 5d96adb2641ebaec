import { parseObjectId, type ObjectId } from '../manifest/index.ts'
import { environmentOf } from './environments.ts'

/** Where a release belongs and lives. */
export interface Inhabitant {
  environment: string
  namespace: string
  targetNamespace: string
  /** false = its document left Git. */
  desired: boolean
}

/** A HelmRelease belongs to its directory under `releases/`, or to its namespace where it stands elsewhere. */
export function environmentOfRelease({ path, namespace }: { path: string; namespace: string }): string {
  return environmentOf(path) ?? namespace
}

/**
 * The environments that a document concerns: that of its directory under `releases/`; else those whose releases live in
 * its namespace (for a Namespace: in itself); else all there are, since what belongs to nobody may concern anybody. Whoever
 * asks whether something may be done to the document asks it of each of them (docs/decisions/0006).
 */
export function documentEnvironments(
  releases: Iterable<Inhabitant>,
): (document: { id: ObjectId; path: string }) => string[] {
  const all = [...releases]
  const desired = all.filter((release) => release.desired)
  const named = (some: readonly Inhabitant[]) => [...new Set(some.map(({ environment }) => environment))].sort()
  const everywhere = named(desired)
  const here = placesOf(desired)
  // A Namespace that leaves Git together with its releases still is theirs.
  const before = placesOf(all)
  return ({ id, path }) => {
    const own = environmentOf(path)
    if (own !== undefined) return [own]
    const { kind, name, namespace } = parseObjectId(id) ?? { kind: '', name: '', namespace: '' }
    if (kind === 'helmrelease') return [namespace]
    const place = kind === 'namespace' ? name : namespace
    const living = here.get(place) ?? before.get(place)
    return living ? named(living) : everywhere
  }
}

/** Releases by the namespaces they stand in and deploy to. */
function placesOf(releases: readonly Inhabitant[]): Map<string, Inhabitant[]> {
  const places = new Map<string, Inhabitant[]>()
  for (const release of releases)
    for (const place of new Set([release.namespace, release.targetNamespace]))
      places.set(place, [...(places.get(place) ?? []), release])
  return places
}
