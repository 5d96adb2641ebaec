import { createHash } from 'node:crypto'

/** Helm's own limit. */
const maxLength = 53

/** `<ns>-<name>`, with the target between them where it is another namespace (Helm Operator). Not shortened. */
export function releaseNameV1(namespace: string, target: string, name: string): string {
  return target === namespace ? `${namespace}-${name}` : `${namespace}-${target}-${name}`
}

/** `[<target>-]<name>`; above 53 characters the first 40, a dash and 12 hex digits of its SHA-256 (helm-controller). */
export function releaseNameV2(target: string | undefined, name: string): string {
  return shortenReleaseName(target ? `${target}-${name}` : name)
}

function shortenReleaseName(name: string): string {
  if (name.length <= maxLength) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 12)
  return `${name.slice(0, maxLength - hash.length - 1)}-${hash}`
}

export function isReleaseName(name: string): boolean {
  return name.length <= maxLength && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name)
}

export function isNamespaceName(name: string): boolean {
  return name.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)
}
