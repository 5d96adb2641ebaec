/** What a policy annotation is about, whichever of Flux's spellings it has. */
export type PolicyName = 'automated' | 'locked' | 'locked_user' | 'locked_msg' | 'ignore' | `tag.${string}`

const switches = new Set(['automated', 'locked', 'locked_user', 'locked_msg', 'ignore'])

/** Prefixes in the order in which they win (§1: Flux left it undefined; this is the order in which it wrote them). */
const prefixes = ['fluxcd.io/', 'flux.weave.works/'] as const
const filterPrefix = 'filter.fluxcd.io/'

export const holdUntilKey = 'wheelhouse.dev/hold-until'
export const refusePrefix = 'wheelhouse.dev/refuse.'

/** The policy an annotation key sets, or undefined. */
export function readPolicyKey(key: string): PolicyName | undefined {
  if (key.startsWith(filterPrefix) && key.length > filterPrefix.length) return `tag.${key.slice(filterPrefix.length)}`
  const prefix = prefixes.find((prefix) => key.startsWith(prefix))
  const name = prefix && key.slice(prefix.length)
  return name !== undefined && isPolicyName(name) ? name : undefined
}

/** The keys that may set a policy, the winning one first. */
export function spellings(name: PolicyName): string[] {
  const plain = prefixes.map((prefix) => `${prefix}${name}`)
  return name.startsWith('tag.') ? [...plain, `${filterPrefix}${name.slice('tag.'.length)}`] : plain
}

/** The key to write a policy under: the one in use, else `fluxcd.io/…`. */
export function policyKey(annotations: Readonly<Record<string, string>>, name: PolicyName): string {
  return spellings(name).find((key) => Object.hasOwn(annotations, key)) ?? `${prefixes[0]}${name}`
}

/** The value that counts and the key it stands under. */
export function readPolicy(
  annotations: Readonly<Record<string, string>>,
  name: PolicyName,
): { key: string; value: string } | undefined {
  const key = spellings(name).find((spelling) => Object.hasOwn(annotations, spelling))
  return key === undefined ? undefined : { key, value: String(annotations[key]) }
}

function isPolicyName(name: string): name is PolicyName {
  return switches.has(name) || (name.startsWith('tag.') && name.length > 'tag.'.length)
}
