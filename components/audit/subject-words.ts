/** `dev:helmrelease/redis-dev` → name, kind and namespace of the object; anything else stands as it is. */
export interface SubjectWords {
  name: string
  kind?: string
  namespace?: string
}

export function subjectWords(subject: string): SubjectWords {
  const found = /^(?<namespace>[^:/]*):(?<kind>[a-z0-9.]+)\/(?<name>[^/]+)$/.exec(subject)?.groups
  if (!found?.name) return { name: subject }
  return {
    name: found.name,
    kind: found.kind,
    namespace: found.namespace === '<cluster>' ? undefined : found.namespace,
  }
}
