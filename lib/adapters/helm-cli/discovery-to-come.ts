import type { KindToCome } from '#lib/ports/helm.ts'

interface Group {
  name: string
  versions: { groupVersion: string; version: string }[]
  preferredVersion: { groupVersion: string; version: string }
}

const listOf = <T>(value: unknown, field: string): T[] => {
  const list = (value as Record<string, unknown> | null | undefined)?.[field]
  return Array.isArray(list) ? (list as T[]) : []
}

/**
 * What the API server would answer to a request for discovery were these kinds defined. `answer` = what it says now;
 * undefined = it does not know the path. Kubernetes: APIGroupList at `/apis`, APIResourceList at `/apis/GROUP/VERSION`.
 */
export function discoveryToCome(path: string, answer: unknown, kinds: readonly KindToCome[]): unknown {
  return path === '/apis' ? groupsToCome(answer, kinds) : resourcesToCome(path, answer, kinds)
}

/** Whether these kinds change the answer to this path. */
export function isDiscoveryToCome(path: string, kinds: readonly KindToCome[]): boolean {
  return kinds.length > 0 && (path === '/apis' || kinds.some((kind) => pathsOf(kind).includes(path)))
}

const pathsOf = ({ group, versions }: KindToCome): string[] => versions.map((version) => `/apis/${group}/${version}`)

function groupsToCome(answer: unknown, kinds: readonly KindToCome[]) {
  const groups = new Map(listOf<Group>(answer, 'groups').map((group) => [group.name, group]))
  for (const { group: name, versions } of kinds) {
    const known = groups.get(name)
    const more = versions
      .map((version) => ({ groupVersion: `${name}/${version}`, version }))
      .filter(({ version }) => !known?.versions.some((one) => one.version === version))
    const [preferred] = more
    if (known) groups.set(name, { ...known, versions: [...known.versions, ...more] })
    else if (preferred) groups.set(name, { name, versions: more, preferredVersion: preferred })
  }
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: [...groups.values()] }
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

function resourcesToCome(path: string, answer: unknown, kinds: readonly KindToCome[]) {
  const more = kinds
    .filter((kind) => pathsOf(kind).includes(path))
    .map(({ kind, plural, isNamespaced }) => ({
      name: plural,
      singularName: kind.toLowerCase(),
      namespaced: isNamespaced,
      kind,
      verbs,
    }))
  const resources = [...listOf<unknown>(answer, 'resources'), ...more]
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: path.slice('/apis/'.length), resources }
}
